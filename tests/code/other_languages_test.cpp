// Tables made past the migrations in other languages, settings and commands, by what the object is.
#include "harness/collect/code/other_languages.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/collect/code/language.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code {
namespace {

struct Sample {
  const char* name;
  const char* path;
  const char* content;
  const char* calls;  // "line kind library: callee", one a line
};

std::string read(const Sample& sample) {
  FileFacts facts;
  examine_by_records(sample.path, sample.content, facts);
  examine_other_language(sample.path, sample.content, facts);
  std::string lines;
  for (const auto& call : facts.schema_calls) {
    const auto kind = call.kind == facts::code::SchemaCallKind::create_all ? "makes"
                      : call.kind == facts::code::SchemaCallKind::drop_all ? "drops"
                                                                           : "unknown";
    lines += fmt::format("{} {} {}: {}\n", call.line, kind, call.library.value_or(""), call.callee);
  }
  for (const auto& problem : facts.problems) lines += problem + "\n";
  return lines;
}

void PrintTo(const Sample& sample, std::ostream* out) {
  *out << sample.name;
}

class OtherLanguages : public testing::TestWithParam<Sample> {};

TEST_P(OtherLanguages, AreReadByWhatTheObjectIs) {
  EXPECT_EQ(read(GetParam()), GetParam().calls);
}

const std::vector<Sample> kSamples = {
    {"TypeOrmDataSource", "src/data-source.ts", R"(import { DataSource } from "typeorm";
const on = true;
export const AppDataSource = new DataSource({
  type: "postgres",
  synchronize: on,
  dropSchema: true,
} as any);
const other = new DataSource({ type: "postgres", synchronize: false });
const third = new DataSource({ type: "postgres", synchronize: process.env.NODE_ENV !== "production" });
// synchronize: true
const text = "synchronize: true";
)",
     "5 makes TypeORM: synchronize: on\n6 drops TypeORM: dropSchema: true\n"
     "9 unknown TypeORM: synchronize: process.env.NODE_ENV !== \"production\"\n"},
    {"TypeOrmCall", "test/setup.ts", R"(import { AppDataSource } from "../src/data-source";
beforeAll(async () => {
  await AppDataSource.initialize();
  await AppDataSource.synchronize(true);
});
)",
     "4 makes TypeORM: AppDataSource.synchronize\n"},
    {"TypeOrmOfNest", "src/app.module.ts", R"(import { TypeOrmModule } from '@nestjs/typeorm';
@Module({
  imports: [TypeOrmModule.forRootAsync({ useFactory: (c) => ({ type: 'postgres', synchronize: c.get('SYNC') }) }),
            TypeOrmModule.forRoot({ synchronize: true })],
})
export class AppModule {}
)",
     "3 unknown TypeORM: synchronize: c.get('SYNC')\n4 makes TypeORM: synchronize: true\n"},
    {"TypeOrmConfiguration", "ormconfig.js", "module.exports = { type: 'mysql', synchronize: true };\n",
     "1 makes TypeORM: synchronize: true\n"},
    {"TypeOrmConfigurationAsJson", "ormconfig.json",
     "{\n  \"type\": \"postgres\",\n  \"synchronize\": true\n}\n",
     "3 makes TypeORM: \"synchronize\": true\n"},
    {"EfCoreOfDocuments", "src/Seed.cs",
     "builder.AddCosmosDbContext<A>();\nawait db.Database.EnsureCreatedAsync();\n", ""},
    {"TypeOrmConfigurationFactory", "src/config/database.config.ts",
     R"(import { registerAs } from '@nestjs/config';
export default registerAs('database', () => ({ type: 'postgres', entities: [], synchronize: true }));
)",
     "2 makes TypeORM: synchronize: true\n"},
    {"TypeOrmEntityOptions", "src/entity.ts", R"(import { Entity, Column, EntitySchema } from "typeorm";
@Entity({ synchronize: true })
export class A { @Column({ synchronize: true } as any) a: string; }
export const B = new EntitySchema({ name: "b", synchronize: true });
)",
     ""},
    {"Namesakes", "src/player.ts", R"(import fs from "fs";
editor.synchronize({ synchronize: true });
store.sync();
glob.sync("*");
const sequelizer = new Thing(); sequelizer.sync();
orm.schema.other();
Sequelize.models.drop;
form.schema.create({});
)",
     ""},
    {"SequelizeInstance", "models/index.js", R"(const { Sequelize, Model } = require('sequelize');
const db = new Sequelize(process.env.DATABASE_URL);
const User = db.define('user', {});
class Order extends Model {}
async function start() {
  await db.sync({ alter: true });
  await User.sync();
  await Order.sync({ force: true });
  await db.drop();
  await cache.sync();
}
)",
     "6 makes Sequelize: db.sync\n7 makes Sequelize: User.sync\n8 makes Sequelize: Order.sync\n"
     "9 drops Sequelize: db.drop\n"},
    {"SequelizeOfAnotherModule", "server.js", R"(import { sequelize } from './models';
import { User } from './models';
import { DataTypes } from 'sequelize';
sequelize.sync();
models.sequelize.sync();
User.sync();
)",
     "4 makes Sequelize: sequelize.sync\n5 makes Sequelize: models.sequelize.sync\n6 unknown Sequelize: "
     "User.sync\n"},
    {"MikroOrm", "src/main.ts", R"(import { MikroORM } from '@mikro-orm/postgresql';
const orm = await MikroORM.init();
const generator = orm.getSchemaGenerator();
await generator.updateSchema();
await orm.schema.refreshDatabase();
await orm.getSchemaGenerator().dropSchema();
await orm.migrator.up();
)",
     "4 makes MikroORM: generator.updateSchema\n5 makes MikroORM: orm.schema.refreshDatabase\n"
     "6 drops MikroORM: orm.getSchemaGenerator().dropSchema\n"},
    {"Unreadable", "src/broken.ts", R"(import { DataSource } from "typeorm";
const ds = new DataSource({ synchronize: = true });
)",
     "2 makes TypeORM: synchronize: = true\nline 2: does not parse as TypeScript, and facts may be hidden in "
     "it\n"},
    {"CommittedDependency", "node_modules/typeorm/a.js", "require('typeorm'); a.synchronize();\n", ""},
    {"EfCore", "src/Seed.cs", R"(using Microsoft.EntityFrameworkCore;
/* db.Database.EnsureCreated(); */
await context.Database.EnsureCreatedAsync();
)",
     "3 makes Entity Framework Core: context.Database.EnsureCreatedAsync\n"},
    {"Properties", "src/main/resources/application-dev.properties", R"(# spring.jpa.hibernate.ddl-auto=create
spring.jpa.hibernate.ddl-auto = update
spring.jpa.properties.hibernate.hbm2ddl.auto=validate
%dev.quarkus.hibernate-orm.database.generation=drop-and-create
jakarta.persistence.schema-generation.database.action: none
spring.jpa.generate-ddl=false
)",
     "2 makes Hibernate: spring.jpa.hibernate.ddl-auto=update\n"
     "4 makes Hibernate: %dev.quarkus.hibernate-orm.database.generation=drop-and-create\n"},
    {"Yaml", "src/test/resources/application.yml", R"(spring:
  jpa:
    hibernate:
      ddl-auto: create-drop # in the tests
    properties:
      hibernate.hbm2ddl.auto: "${DDL:none}"
---
spring.jpa.hibernate.ddlAuto: none
other:
  ddl-auto: create
)",
     "4 makes Hibernate: spring.jpa.hibernate.ddl-auto=create-drop\n"
     "6 unknown Hibernate: spring.jpa.properties.hibernate.hbm2ddl.auto=${DDL:none}\n"},
    {"PersistenceXml", "src/main/resources/META-INF/persistence.xml", R"(<persistence>
  <!-- <property name="hibernate.hbm2ddl.auto" value="create"/> -->
  <property name="hibernate.hbm2ddl.auto"
            value="update"/>
  <property name='hbm2ddl.auto'>create</property>
  <property name="hibernate.hbm2ddl.auto" value="validate"/>
</persistence>
)",
     "3 makes Hibernate: hibernate.hbm2ddl.auto=update\n5 makes Hibernate: hbm2ddl.auto=create\n"},
    {"JavaStrings", "src/test/java/OrderTest.java", R"(// "spring.jpa.hibernate.ddl-auto=create"
@SpringBootTest(properties = {"spring.jpa.hibernate.ddl-auto=create-drop", "a=b"})
class OrderTest {
  void set() { properties.put("hibernate.hbm2ddl.auto", "validate"); map.put("hibernate.hbm2ddl.auto", "create"); }
}
)",
     "2 makes Hibernate: spring.jpa.hibernate.ddl-auto=create-drop\n4 makes Hibernate: "
     "hibernate.hbm2ddl.auto=create\n"},
    {"Workflow", ".github/workflows/ci.yml", R"(jobs:
  test:
    steps:
      - run: npx prisma db push --skip-generate
      # - run: npx prisma db push
      - run: echo "prisma db push"
      - run: |
          pnpm exec drizzle-kit push && pytest -x \
            --nomigrations
      - run: prisma migrate deploy
      - name: Never prisma db push
)",
     "4 makes Prisma: prisma db push\n8 makes Drizzle: drizzle-kit push\n8 makes Django: pytest "
     "--nomigrations\n"},
    {"Makefile", "Makefile",
     "test:\n\tpython -m pytest --no-migrations tests\n\t./manage.py migrate --run-syncdb\n",
     "2 makes Django: pytest --no-migrations\n3 makes Django: ./manage.py migrate --run-syncdb\n"},
    {"PackageScripts", "package.json", R"({
  "scripts": {
    "db:push": "prisma db push",
    "pretest": "prisma db push --force-reset",
    "test:e2e": "drizzle-kit push && vitest"
  },
  "description": "prisma db push"
}
)",
     "4 makes Prisma: prisma db push\n5 makes Drizzle: drizzle-kit push\n"},
};
INSTANTIATE_TEST_SUITE_P(SchemaCalls, OtherLanguages, testing::ValuesIn(kSamples),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(OtherLanguages, FilesOfTestsAreToldByTheirPath) {
  for (const char* const path :
       {"tests/a.py", "app/conftest.py", "src/a.test.ts", "spec/models/a_spec.rb",
        "src/test/resources/application.yml", "pkg/store_test.go", "Shop.Tests/Seed.cs"})
    EXPECT_TRUE(is_of_tests(path)) << path;
  for (const char* const path :
       {"src/app.ts", "latest/a.py", "src/main/resources/application.yml", "contest/a.go"})
    EXPECT_FALSE(is_of_tests(path)) << path;
}

TEST(OtherLanguages, HostileTextIsReadOrAProblem) {
  FileFacts facts;
  const std::string quotes(20000, '"');
  for (const char* const path : {"a.ts", "a.rb", "a.go", "A.java", "application.yml", "persistence.xml",
                                 "package.json", "Makefile", "A.cs", "application.properties"}) {
    std::string text =
        "typeorm synchronize ActiveRecord::Schema \"gorm.io/gorm\" .AutoMigrate( hbm2ddl push .EnsureCreated "
        "DbContext ";
    EXPECT_NO_THROW(examine_other_language(path, text + quotes, facts)) << path;
    EXPECT_NO_THROW(examine_other_language(path, text + std::string("<!--\0<\xff", 7), facts)) << path;
    EXPECT_NO_THROW(examine_other_language(path, text + std::string(40000, '('), facts)) << path;
  }
}

}  // namespace
}  // namespace exitgate::collect::code
