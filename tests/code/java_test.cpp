// Java: hooks, environment reads and tables made past the migrations.
#include <gtest/gtest.h>

#include "tests/code/record_lines.h"

namespace exitgate::collect::code {
namespace {

class Java : public testing::TestWithParam<RecordSample> {};

TEST_P(Java, IsReadBySyntax) {
  EXPECT_EQ(record_lines(GetParam()), GetParam().lines);
}

const std::vector<RecordSample> kHooks = {
    {"JUnit5", "src/test/java/ATest.java", R"java(import org.junit.jupiter.api.*;
import org.junit.jupiter.api.extension.BeforeAllCallback;
class ATest {
  @BeforeAll static void a() {}
  @AfterAll
  static void b() {}
  @BeforeEach void c() {}
  // @BeforeAll
  @Test void d() { String s = "@AfterAll"; }
}
class E implements BeforeAllCallback, Other {}
)java",
     "4 hook @BeforeAll of JUnit 5: file-start\n5 hook @AfterAll of JUnit 5: file-end\n"
     "11 hook BeforeAllCallback of JUnit 5: file-start\ntests of JUnit 5\n"},
    {"RootStore", "src/test/java/Once.java", R"java(import org.junit.jupiter.api.extension.*;
class Once implements BeforeAllCallback, ExtensionContext.Store.CloseableResource {
  public void beforeAll(ExtensionContext context) { context.getRoot().getStore(GLOBAL).put("once", this); }
  public void close() {}
}
)java",
     "2 hook BeforeAllCallback of JUnit 5: session-start\n"
     "2 hook ExtensionContext.Store.CloseableResource of JUnit 5: session-end\n"},
    {"JUnit4", "ATest.java", R"java(import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
class ATest {
  @ClassRule public static Rule rule = new Rule();
  @BeforeClass public static void a() {}
  @Test public void b() {}
}
)java",
     "5 hook @ClassRule of JUnit 4: file-start\n5 hook @ClassRule of JUnit 4: file-end\n"
     "6 hook @BeforeClass of JUnit 4: file-start\ntests of JUnit 4\n"},
    {"TestNg", "ATest.java", R"java(import org.testng.annotations.*;
class ATest {
  @BeforeSuite(alwaysRun = true) void a() {}
  @AfterSuite void b() {}
  @BeforeClass void c() {}
  @Test void d() {}
}
)java",
     "3 hook @BeforeSuite of TestNG: session-start\n4 hook @AfterSuite of TestNG: session-end\n"
     "5 hook @BeforeClass of TestNG: file-start\ntests of TestNG\n"},
    {"Cucumber", "Hooks.java",
     "import io.cucumber.java.BeforeAll;\nclass Hooks { @BeforeAll public static void a() {} }\n",
     "2 hook @BeforeAll of Cucumber-JVM: session-start\n"},
    {"Namesakes", "A.java",
     "import my.BeforeAll;\nclass A { @BeforeAll void a() {} @AfterClass void b() {} }\n", ""},
    {"Services", "src/test/resources/META-INF/services/org.junit.platform.launcher.LauncherSessionListener",
     "# ours\nmy.Listener\n", "2 hook LauncherSessionListener of JUnit 5: session\n"},
    {"Pom", "pom.xml", R"java(<project>
  <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId></dependency>
  <property>
    <name>listener</name>
    <value>my.Listener</value>
  </property>
</project>
)java",
     "5 hook RunListener of JUnit 4: session\n2 framework JUnit 5\n"},
    {"Gradle", "build.gradle",
     "dependencies {\n  testImplementation 'junit:junit:4.13'\n  // 'org.testng:testng:7'\n}\n",
     "2 framework JUnit 4\n"},
};
INSTANTIATE_TEST_SUITE_P(Hooks, Java, testing::ValuesIn(kHooks),
                         [](const auto& sample) { return std::string(sample.param.name); });

const std::vector<RecordSample> kReads = {
    {"Getenv", "A.java", R"java(import java.util.*;
class A {
  static final String NAME = "CONSTANT";
  Map<String, String> all = System.getenv();
  void f() {
    use(System.getenv("A"));
    use(System.getenv(NAME), System.getenv("APP_" + NAME), System.getenv(g()));
    use(System.getenv().get("B"), all.getOrDefault("C", "c"));
    if (System.getenv().containsKey("D")) use();
    // System.getenv("E")
    use("System.getenv(\"F\")");
    other.getenv("G");
  }
}
)java",
     "6 A unknown by System.getenv\n7 CONSTANT unknown by System.getenv\n7 APP_CONSTANT unknown by "
     "System.getenv\n"
     "7 NULL unknown by System.getenv\n8 B unknown by System.getenv().get\n8 C default by all.getOrDefault\n"
     "9 D unknown by System.getenv().containsKey\n"},
    {"Defaults", "A.java", R"java(import java.util.*;
class A {
  void f() {
    String a = System.getenv("A");
    if (a == null || a.isEmpty()) { a = "default"; }
    String b = Optional.ofNullable(System.getenv("B")).map(String::trim).orElse("default");
    String c = System.getenv("C") != null ? System.getenv("C") : "default";
    String d = Objects.requireNonNullElse(System.getenv("D"), "default");
    String e = System.getenv("E");
    String x = e == null ? "default" : e;
    String g = Optional.ofNullable(System.getenv("G")).orElse(System.getenv("H"));
  }
}
)java",
     "4 A default by System.getenv\n6 B default by System.getenv\n7 C default by System.getenv\n"
     "7 C default by System.getenv if System.getenv(\"C\") != null\n8 D default by System.getenv\n"
     "9 E default by System.getenv\n11 G unknown by System.getenv\n11 H unknown by System.getenv\n"},
    {"Required", "A.java", R"java(import java.util.*;
class A {
  String f() {
    String a = System.getenv("A");
    if (a == null) throw new IllegalStateException("A");
    String b = Objects.requireNonNull(System.getenv("B"));
    String c = Optional.ofNullable(System.getenv("C")).orElseThrow();
    if (StringUtils.isBlank(System.getenv("D"))) { System.exit(1); }
    String e = System.getenv("E");
    assertNotNull(e);
    if (!System.getenv().containsKey("G")) throw new IllegalStateException("G");
    if (System.getenv("H") == null) { log("no H"); }
  }
}
)java",
     "4 A required by System.getenv\n6 B required by System.getenv\n7 C required by System.getenv\n"
     "8 D required by System.getenv\n9 E required by System.getenv\n"
     "11 G required by System.getenv().containsKey\n12 H unknown by System.getenv\n"},
    {"Helpers", "A.java", R"java(class A {
  static String get(String key, String fallback) {
    String value = System.getenv(key);
    if (value != null) { return value; }
    return fallback;
  }
  static String either(String key) {
    String value = System.getenv(key);
    if (value != null) { return value; } else { return System.getProperty(key); }
  }
  String a = get("A", "a");
  String b = A.either("B");
  String c = map.get("C", "c");
}
)java",
     "3 NULL default by System.getenv\n8 NULL unknown by System.getenv\n11 A default by get\n12 B unknown by "
     "A.either\n"},
    {"Spring", "A.java", R"java(import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
class A {
  @Value("${A}") String a;
  @Value("${B:b}") String b;
  @Value("${C:${D:}}") String c;
  @Value("${app.name}") String name;
  @Value("#{systemEnvironment['E'] ?: 'e'}") String e;
  A(@Value("${F:${G}}") String f) {}
  void g(Environment environment) {
    environment.getRequiredProperty("H");
    environment.getProperty("I", "i");
    environment.getProperty("J", String.class);
    environment.getProperty("app.name");
    System.getProperty("K");
  }
}
)java",
     "4 A required by @Value\n5 B default by @Value\n6 C default by @Value\n6 D default by @Value\n"
     "8 E default by @Value\n9 F unknown by @Value\n9 G unknown by @Value\n"
     "11 H required by environment.getRequiredProperty\n12 I default by environment.getProperty\n"
     "13 J unknown by environment.getProperty\n"},
    {"LomboksValue", "A.java", "import lombok.Value;\n@Value(staticConstructor = \"${A}\") class A {}\n", ""},
    {"MicroProfile", "A.java", R"java(import org.eclipse.microprofile.config.inject.ConfigProperty;
class A {
  @ConfigProperty(name = "A") String a;
  @ConfigProperty(name = "B", defaultValue = "b") String b;
  @ConfigProperty(name = "C") Optional<String> c;
  @ConfigProperty(name = "app.name") String d;
}
)java",
     "3 A required by @ConfigProperty\n4 B default by @ConfigProperty\n5 C unknown by @ConfigProperty\n"},
    {"Properties", "src/main/resources/application-dev.properties", R"java(a=${A:a}
# b=${B}
c=${C}
d=${D:x,\
  y,${E:}}
f=${F:${user.home}/f} ${app.name}
g=${G:${H}}
)java",
     "1 A default by ${}\n3 C unknown by ${}\n4 D default by ${}\n5 E default by ${}\n6 F default by ${}\n"
     "7 G unknown by ${}\n7 H unknown by ${}\n"},
    {"Yaml", "src/main/resources/application.yml",
     "spring:\n  datasource:\n    url: ${DATABASE_URL} # ${A}\n    # ${B}\n    name: \"${C:c}\"\n",
     "3 DATABASE_URL unknown by ${}\n5 C default by ${}\n"},
    {"Unreadable", "A.java",
     "class A {\n  int a = = System.getenv(\"A\");\n  String b = System.getenv(\"B\");\n}\n",
     "2 A unknown by System.getenv\n3 B unknown by System.getenv\nline 2: does not parse as Java, and facts "
     "may be "
     "hidden in it\n"},
};
INSTANTIATE_TEST_SUITE_P(Reads, Java, testing::ValuesIn(kReads),
                         [](const auto& sample) { return std::string(sample.param.name); });

const std::vector<RecordSample> kSchema = {
    {"SchemaExport", "A.java", R"java(import org.hibernate.tool.hbm2ddl.*;
class A {
  void f() {
    SchemaExport export = new SchemaExport();
    export.create(targets, metadata);
    new SchemaUpdate().setFormat(true).execute(targets, metadata);
    new SchemaExport().drop(targets, metadata);
    other.create(targets);
  }
}
)java",
     "5 makes Hibernate: SchemaExport.create\n6 makes Hibernate: SchemaUpdate.execute\n"
     "7 drops Hibernate: SchemaExport.drop\n"},
};
INSTANTIATE_TEST_SUITE_P(Schema, Java, testing::ValuesIn(kSchema),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(JavaText, OfAnyKindIsReadOrAProblem) {
  for (const char* const more : {"((((", "\"\"\"", "${A:", "@Value(", "class {", "\xff\xfe"}) {
    std::string text = "class A { String a = System.getenv(\"A\"); ${A:";
    for (int i = 0; i < 2000; ++i) text += more;
    for (const char* const path : {"A.java", "application.yml", "application.properties", "pom.xml"})
      EXPECT_NO_THROW(record_lines({"", path, text.c_str(), ""}));
  }
}

}  // namespace
}  // namespace exitgate::collect::code
