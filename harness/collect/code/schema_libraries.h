// The libraries that make tables past the migrations, and what their own tools do instead.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "harness/collect/code/facts.h"

namespace exitgate::collect::code {

struct SchemaLibrary {
  std::string_view name;
  std::string_view instead;
};

inline constexpr SchemaLibrary kTypeOrm = {"TypeORM",
                                           "set `synchronize: false` and run the migrations: `typeorm "
                                           "migration:run`, or `dataSource.runMigrations()`"};
inline constexpr SchemaLibrary kSequelize = {
    "Sequelize", "run the migrations instead: `sequelize db:migrate`, or umzug's `up()`"};
inline constexpr SchemaLibrary kMikroOrm = {
    "MikroORM", "run the migrations instead: `mikro-orm migration:up`, or `orm.migrator.up()`"};
inline constexpr SchemaLibrary kPrisma = {"Prisma", "run the migrations instead: `prisma migrate deploy`"};
inline constexpr SchemaLibrary kDrizzle = {"Drizzle", "run the migrations instead: `drizzle-kit migrate`"};
inline constexpr SchemaLibrary kHibernate = {
    "Hibernate", "set it to `validate`, and let Flyway or Liquibase run the migrations at the start"};
inline constexpr SchemaLibrary kActiveRecord = {"Active Record",
                                                "run the migrations instead: `rails db:migrate`"};
inline constexpr SchemaLibrary kGorm = {"GORM",
                                        "run the migrations instead of `AutoMigrate`, in the tests too"};
inline constexpr SchemaLibrary kEnt = {
    "ent", "run versioned migrations instead of `Schema.Create`: `atlas migrate apply`"};
inline constexpr SchemaLibrary kBun = {"Bun", "run the migrations instead: `migrator.Migrate`"};
inline constexpr SchemaLibrary kXorm = {"xorm", "run the migrations instead of `Sync`, in the tests too"};
inline constexpr SchemaLibrary kGoPg = {"go-pg",
                                        "run the migrations instead of `CreateTable`, in the tests too"};
inline constexpr SchemaLibrary kEfCore = {
    "Entity Framework Core",
    "run the migrations instead: `Database.Migrate()`, or `dotnet ef database update`"};
inline constexpr SchemaLibrary kDoctrine = {"Doctrine",
                                            "run the migrations instead: `doctrine:migrations:migrate`"};
inline constexpr SchemaLibrary kDjango = {
    "Django", "run the tests with the migrations: leave `--nomigrations` and `--run-syncdb` out"};

inline SchemaCall schema_call_of(const SchemaLibrary& library, int line, std::string callee,
                                 facts::code::SchemaCallKind kind) {
  SchemaCall call{line, std::move(callee), kind};
  call.library = std::string(library.name);
  call.instead = std::string(library.instead);
  return call;
}

// Whether a file is one of tests, by its path: a folder of that name, or a name as test runners look for.
bool is_of_tests(std::string_view path);

}  // namespace exitgate::collect::code
