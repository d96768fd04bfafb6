// Go: hooks, environment reads and tables made past the migrations.
#include <gtest/gtest.h>

#include "tests/code/record_lines.h"

namespace exitgate::collect::code {
namespace {

class Go : public testing::TestWithParam<RecordSample> {};

TEST_P(Go, IsReadBySyntax) {
  EXPECT_EQ(record_lines(GetParam()), GetParam().lines);
}

const std::vector<RecordSample> kHooks = {
    {"TestMain", "store/main_test.go", R"go(package store
import "testing"
// func TestMain(m *testing.M) {}
func TestMain(m *testing.M) { m.Run() }
func TestA(t *testing.T) { t.Cleanup(func() {}) }
)go",
     "4 hook TestMain of Go testing: session\ntests of Go testing\n"},
    {"TestMainThatIsATest", "store/main_test.go",
     "package s\nimport \"testing\"\nfunc TestMain(t *testing.T) {}\n", "tests of Go testing\n"},
    {"TestMainOutsideTheTests", "store/main.go",
     "package s\nimport \"testing\"\nfunc TestMain(m *testing.M) {}\n", ""},
    {"Testify", "store/suite_test.go", R"go(package store
import "github.com/stretchr/testify/suite"
type S struct{ suite.Suite }
func (s *S) SetupSuite() {}
func (s *S) TearDownSuite() {}
func (s *S) SetupTest() {}
func SetupSuite() {}
)go",
     "4 hook SetupSuite of testify: file-start\n5 hook TearDownSuite of testify: file-end\ntests of "
     "testify\n"},
    {"Ginkgo", "store/store_suite_test.go", R"go(package store
import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)
var _ = BeforeSuite(func() { text := "AfterSuite(" ; _ = text })
var _ = SynchronizedAfterSuite(func() {}, func() {})
var _ = ReportAfterSuite("evidence", func(r Report) {})
var _ = Describe("a", Ordered, func() { BeforeAll(func() {}); BeforeEach(func() {}) })
)go",
     "6 hook BeforeSuite of Ginkgo: session-start\n7 hook SynchronizedAfterSuite of Ginkgo: session-end\n"
     "8 hook ReportAfterSuite of Ginkgo: session-end\n9 hook BeforeAll of Ginkgo: file-start\ntests of "
     "Ginkgo\n"},
    {"GinkgoByName", "a_test.go",
     "package a\nimport g \"github.com/onsi/ginkgo\"\nvar _ = g.BeforeSuite(f)\nvar _ = BeforeSuite(f)\n",
     "3 hook BeforeSuite of Ginkgo: session-start\ntests of Ginkgo\n"},
    {"TestData", "a/testdata/a_test.go", "package a\n", ""},
    {"Vendored", "vendor/a/a_test.go", "package a\nimport \"os\"\nvar a = os.Getenv(\"A\")\n", ""},
    {"Module", "go.mod", R"go(module a
require github.com/onsi/ginkgo/v2 v2.1.0
require (
	github.com/onsi/ginkgo v1.0.0 // indirect
)
)go",
     "2 framework Ginkgo\n"},
};
INSTANTIATE_TEST_SUITE_P(Hooks, Go, testing::ValuesIn(kHooks),
                         [](const auto& sample) { return std::string(sample.param.name); });

const std::vector<RecordSample> kReads = {
    {"WhatCannotBeTold", "a.go", R"go(package a
import "os"
const name = "CONSTANT"
var a = os.Getenv("A")
func f() {
	b := Config{Port: os.Getenv("B")}
	if os.Getenv("CI") == "true" { use(b) }
	if v := os.Getenv("C"); v != "" { use(v) }
	use(os.Getenv(name), os.Getenv("APP_" + name), os.Getenv(g()))
	// os.Getenv("D")
	use("os.Getenv(\"E\")")
}
)go",
     "4 A unknown by os.Getenv\n6 B unknown by os.Getenv\n7 CI unknown by os.Getenv\n8 C unknown by "
     "os.Getenv\n"
     "9 CONSTANT unknown by os.Getenv\n9 APP_CONSTANT unknown by os.Getenv\n9 NULL unknown by os.Getenv\n"},
    {"Defaults", "a.go", R"go(package a
import ("cmp"; "os"; "strings")
func f() {
	a := os.Getenv("A")
	if a == "" { a = "default" }
	b := strings.TrimSpace(os.Getenv("B"))
	if len(b) == 0 { b = "default" }
	c := cmp.Or(os.Getenv("C"), "default")
	d, ok := os.LookupEnv("D")
	if !ok { d = "default" }
	e := "default"
	if v := os.Getenv("E"); v != "" { e = v }
	if v, ok := os.LookupEnv("F"); ok { g = v } else { g = "default" }
	config.H = os.Getenv("H")
	if config.H == "" { config.H = "default" }
	if os.Getenv("I") == "" { os.Setenv("I", "default") }
}
)go",
     "4 A default by os.Getenv\n6 B default by os.Getenv\n8 C default by os.Getenv\n9 D default by "
     "os.LookupEnv\n"
     "12 E default by os.Getenv\n13 F default by os.LookupEnv\n14 H default by os.Getenv\n"
     "16 I default by os.Getenv\n16 I default by os.Setenv set if os.Getenv(\"I\") == \"\"\n"},
    {"Required", "a.go", R"go(package a
import ("errors"; "log"; "os"; "testing"; "github.com/stretchr/testify/require")
func f() error {
	a := os.Getenv("A")
	if a == "" { log.Fatal("A") }
	b, ok := os.LookupEnv("B")
	if !ok { panic("B") }
	if os.Getenv("C") == "" { return errors.New("C") }
	d, e := os.Getenv("D"), os.Getenv("E")
	if d == "" || e == "" { os.Exit(1) }
	return nil
}
func TestF(t *testing.T) {
	g := os.Getenv("G")
	require.NotEmpty(t, g)
	if os.Getenv("H") == "" { t.Skip("no H") }
	i := os.Getenv("I")
	if i == "" { t.Fatal("I") }
	os.Setenv("J", "1")
}
)go",
     "4 A required by os.Getenv\n6 B required by os.LookupEnv\n8 C required by os.Getenv\n"
     "9 D required by os.Getenv\n9 E required by os.Getenv\n14 G required by os.Getenv\n"
     "16 H unknown by os.Getenv\n17 I required by os.Getenv\n"},
    {"AnotherVariableInstead", "a.go", R"go(package a
import "os"
func f() {
	a := os.Getenv("A")
	if a == "" { a = os.Getenv("B") }
	c := os.Getenv("C")
	c = strings.ToUpper(c)
	if c == "" { panic("C") }
}
)go",
     "4 A unknown by os.Getenv\n5 B unknown by os.Getenv if a == \"\"\n6 C unknown by os.Getenv\n"},
    {"Helpers", "a.go", R"go(package a
import ("os"; "strconv")
func getEnv(key, fallback string) string {
	if value, ok := os.LookupEnv(key); ok { return value }
	return fallback
}
func mustGetEnv(key string) string {
	value := os.Getenv(key)
	if value == "" { panic(key) }
	return value
}
func getInt(key string, fallback int) int {
	value, err := strconv.Atoi(getEnv(key, "1"))
	return value
}
var a = getEnv("A", "a")
var b = mustGetEnv("B")
var c = getInt("C", 2)
)go",
     "4 NULL default by os.LookupEnv\n8 NULL required by os.Getenv\n13 NULL default by getEnv\n"
     "16 A default by getEnv\n17 B required by mustGetEnv\n18 C default by getInt\n"},
    {"Conditions", "a.go", R"go(package a
import "os"
func f() {
	if production {
		use(os.Getenv("A"))
	} else if testing {
		use(os.Getenv("B"))
	}
	if production { func() { use(os.Getenv("C")) }() }
}
)go",
     "5 A unknown by os.Getenv if production\n7 B unknown by os.Getenv if not (production) and testing\n"
     "9 C unknown by os.Getenv\n"},
    {"Namesakes", "a.go", R"go(package a
import ( my "os"; "example.com/os" )
func f(os T) { os.Getenv("A"); my.Getenv("B") }
)go",
     "3 B unknown by my.Getenv\n"},
    {"Viper", "a.go", R"go(package a
import ("strings"; "github.com/spf13/viper")
func f() {
	viper.BindEnv("port")
	viper.SetEnvPrefix("app")
	viper.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	viper.AutomaticEnv()
	viper.SetDefault("db.url", "postgres:")
	viper.BindEnv("db.name")
	viper.BindEnv("key", "SECRET", "OLD_SECRET")
	viper.SetDefault(g(), 1)
	viper.SetDefault("db.name", "x")
	v := viper.New()
	v.SetDefault("other", 1)
	v.BindEnv("other")
}
)go",
     "4 PORT unknown by viper.BindEnv\n8 APP_DB_URL default by viper.SetDefault\n"
     "9 APP_DB_NAME default by viper.BindEnv\n10 SECRET unknown by viper.BindEnv\n"
     "10 OLD_SECRET unknown by viper.BindEnv\n11 NULL default by viper.SetDefault\n"
     "12 APP_DB_NAME default by viper.SetDefault\n15 OTHER default by v.BindEnv\n"},
    {"Tags", "a.go", R"go(package a
type Database struct {
	URL  string `env:"URL,required"`
	Name string `json:"name" env:"NAME" envDefault:"app"`
}
type Config struct {
	Port  int    `env:"PORT,default=80"`
	Host  string `env:"HOST, required"`
	Level string `env:"LEVEL" env-default:"info"`
	Home  string `env:"HOME"`
	None  string `env:"-"`
	First Database `envPrefix:"DB_"`
	Second *Database `env:",prefix=OTHER_"`
	In    struct { A string `env:"A"` } `envPrefix:"IN_"`
	Old   string `envconfig:"old_name" default:"x"`
	Must  string `envconfig:"MUST" required:"true"`
}
)go",
     "3 DB_URL required by env:\"\"\n3 OTHER_URL required by env:\"\"\n4 DB_NAME default by env:\"\"\n"
     "4 OTHER_NAME default by env:\"\"\n7 PORT default by env:\"\"\n8 HOST required by env:\"\"\n"
     "9 LEVEL default by env:\"\"\n10 HOME unknown by env:\"\"\n14 IN_A unknown by env:\"\"\n"
     "15 OLD_NAME default by envconfig:\"\"\n16 MUST required by envconfig:\"\"\n"},
};
INSTANTIATE_TEST_SUITE_P(Reads, Go, testing::ValuesIn(kReads),
                         [](const auto& sample) { return std::string(sample.param.name); });

const std::vector<RecordSample> kSchema = {
    {"Gorm", "store/store.go", R"go(package store
import "gorm.io/gorm"
// db.AutoMigrate(&A{})
func Open(db *gorm.DB) error {
	log("db.AutoMigrate(")
	m := db.Migrator()
	m.CreateTable(&User{})
	db.Migrator().DropTable(&User{})
	db.Migrator().HasTable(&User{})
	db.AutoMigrate()
	return db.WithContext(ctx).
		AutoMigrate(&User{}, &Order{})
}
)go",
     "7 makes GORM: m.CreateTable\n8 drops GORM: db.Migrator().DropTable\n12 makes GORM: "
     "db.WithContext(ctx).AutoMigrate\n"},
    {"GormNamesake", "store/store.go", "package store\nfunc Open(m *Migrator) { m.AutoMigrate() }\n", ""},
    {"GormOfAnotherFile", "store/store.go",
     "package store\nfunc f() { global.DB.AutoMigrate(new(User), &Order{}); x.AutoMigrate(\"a\") }\n",
     "2 unknown GORM: global.DB.AutoMigrate\n"},
    {"GormMigrations", "store/migrations.go", R"go(package store
import ("gorm.io/gorm"; "github.com/go-gormigrate/gormigrate/v2")
var m = gormigrate.New(db, o, []*gormigrate.Migration{{
	ID: "1",
	Migrate: func(tx *gorm.DB) error { return tx.AutoMigrate(&A{}) },
}})
)go",
     ""},
    {"GooseMigration", "migrations/0001_a.go", R"go(package migrations
import ("gorm.io/gorm"; "github.com/pressly/goose/v3")
func init() { goose.AddMigrationContext(up, down) }
func up() { db.AutoMigrate(&A{}) }
)go",
     ""},
    {"Others", "store/store.go", R"go(package store
import ("github.com/uptrace/bun"; "xorm.io/xorm"; "example.com/app/ent"; "github.com/go-pg/pg/v10")
func f() {
	db.NewCreateTable().Model((*User)(nil)).Exec(ctx)
	engine.Sync2(new(User))
	logger.Sync()
	client.Schema.Create(ctx)
	client.User.Create()
	db.Model(m).CreateTable(&o)
	migrations.MustRegister(func() { db.NewDropTable().Exec(ctx) })
}
)go",
     "4 makes Bun: db.NewCreateTable\n5 makes xorm: engine.Sync2\n7 makes ent: client.Schema.Create\n"
     "9 makes go-pg: db.Model(m).CreateTable\n"},
    {"Unreadable", "a.go",
     "package a\nimport \"os\"\nfunc f() { a := = os.Getenv(\"A\") }\nfunc g() { os.Getenv(\"B\") }\n",
     "3 A unknown by os.Getenv\n4 B unknown by os.Getenv\nline 3: does not parse as Go, and facts may be "
     "hidden in "
     "it\n"},
};
INSTANTIATE_TEST_SUITE_P(Schema, Go, testing::ValuesIn(kSchema),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(GoTests, OfTestifyAreThoseOfGoAsWell) {
  FileFacts facts;
  examine_by_records("a_test.go", "package a\nimport \"github.com/stretchr/testify/suite\"\n", facts);
  ASSERT_EQ(facts.frameworks.size(), 2U);
  EXPECT_EQ(facts.frameworks[0].framework, "testify");
  EXPECT_EQ(facts.frameworks[1].framework, "Go testing");
}

TEST(GoText, OfAnyKindIsReadOrAProblem) {
  for (const char* const more : {"((((((((", "\"\"\"\"", "`", "func (", "\xff\xfe"}) {
    std::string text = "package a\nimport \"os\"\nfunc f() { os.Getenv(\"A\") ";
    for (int i = 0; i < 3000; ++i) text += more;
    EXPECT_NO_THROW(record_lines({"", "a.go", text.c_str(), ""}));
  }
}

}  // namespace
}  // namespace exitgate::collect::code
