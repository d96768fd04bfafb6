// What JavaScript and TypeScript migrations take away, by calls of their tools' builders and the SQL in them.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tools/javascript/statements.h"

namespace exitgate::collect {
namespace {

std::string read(std::string_view text) {
  std::string lines;
  for (const auto& one : script_statements(text)) {
    if (is_index_change(one)) continue;
    lines += fmt::format("{} {} {}{}\n", one.line, one.kind, one.undecided() ? one.reason : one.object,
                         one.harmless ? " (harmless)" : "");
  }
  return lines;
}

TEST(ScriptStatements, Knex) {
  EXPECT_EQ(
      read(R"(const { text } = require('./text');
exports.up = async function (knex) {
  await knex.schema.createTable('a', (table) => {
    table.uuid('id').primary().defaultTo(knex.raw('gen_random_uuid()'));
    table.dropColumn('never');
    table.timestamps(true, true);
  });
  await knex.schema.alterTable('b', function (t) {
    t.string('x').notNullable();
    t.dropColumn('y');
    t.dropColumns('v', 'w');
    t.renameColumn('r', 's');
    t.string('z').alter();
    t.dropUnique(['k']);
  });
  await knex.schema.dropTableIfExists('c').dropTable('a');
  await knex.raw(`DROP TABLE "d"`);
  await knex.raw(`DROP TABLE ${name}`);
  await knex('users').where({ a: 1 }).del();
  await knex('users').insert({ a: 1 });
  await helper(knex);
};
exports.down = (knex) => knex.schema.dropTable('e');
)"),
      "10 drop-column b.y\n11 drop-column b.v\n11 drop-column b.w\n12 rename b.r\n13 alter-column-type b\n"
      "14 drop-constraint b.k\n16 drop-table a (harmless)\n16 drop-table c\n17 drop-table d\n"
      "18 undecided the statement is put together at run time\n19 undecided `del` is not a call that is "
      "read\n"
      "21 undecided `helper` is not a call that is read\n");
}

TEST(ScriptStatements, TypeOrm) {
  EXPECT_EQ(read(R"(import { MigrationInterface, QueryRunner } from "typeorm";
export class A1700000000000 implements MigrationInterface {
  name = 'A1700000000000'
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "user" DROP COLUMN "name"`);
    await queryRunner.query('CREATE TABLE x ()');
    await queryRunner.dropColumn("user", "age");
    await queryRunner.dropTable("post", true);
    const drop = "DROP TABLE " + "y";
    await queryRunner.query(drop);
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE z`);
  }
}
)"),
            "5 drop-column user.name\n7 drop-column user.age\n8 drop-table post\n10 drop-table y\n");
}

TEST(ScriptStatements, SequelizeMikroOrmKyselyAndNodePgMigrate) {
  EXPECT_EQ(read(R"(module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('a', { id: Sequelize.INTEGER, at: { defaultValue: Sequelize.fn('now') } });
    await queryInterface.removeColumn('b', 'c');
    await queryInterface.changeColumn('b', 'd', { type: Sequelize.TEXT });
    await queryInterface.sequelize.query('TRUNCATE e');
    await queryInterface.bulkDelete('f');
  },
  down: (queryInterface) => queryInterface.dropTable('a'),
};
)"),
            "4 drop-column b.c\n5 alter-column-type b.d\n6 truncate e\n7 undecided `bulkDelete` is not a "
            "call that is "
            "read\n");
  EXPECT_EQ(read(R"(import { Migration } from '@mikro-orm/migrations';
export class M extends Migration {
  override async up(): Promise<void> { this.addSql('drop table if exists "a" cascade;'); }
  override async down(): Promise<void> { this.addSql('drop table "b";'); }
}
)"),
            "3 drop-table a\n");
  EXPECT_EQ(read(R"(export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable('n').addColumn('id', 'serial', (col) => col.primaryKey()).execute()
  await db.schema.alterTable('a').dropColumn('b').execute()
  await sql`DROP VIEW c`.execute(db)
  await db.deleteFrom('d').execute()
}
)"),
            "3 drop-column a.b\n4 drop-view c\n5 undecided `deleteFrom` is not a call that is read\n");
  EXPECT_EQ(read(R"(exports.up = pgm => {
  pgm.dropColumns('a', ['b', 'c']);
  pgm.sql('UPDATE d SET e = 1');
  pgm.addColumns('a', { f: { type: 'text' } });
};
exports.down = pgm => { pgm.dropTable('a') };
)"),
            "2 drop-column a.b\n2 drop-column a.c\n3 update-all d\n");
}

TEST(ScriptStatements, IndexesAreToldByTheirNames) {
  EXPECT_EQ(read("exports.up = async (queryInterface) => {\n"
                 "  await queryInterface.addIndex('a', ['b'], { name: 'i', unique: true });\n"
                 "  await queryInterface.removeIndex('a', 'j');\n"
                 "  await queryInterface.removeIndex('a', ['k']);\n"
                 "};\n"),
            "3 drop-unique-index j\n4 undecided which index it removes is not written here\n");
}

TEST(ScriptStatements, NamesOfConstantsAreFilledIn) {
  EXPECT_EQ(
      read("const t = 'a';\nconst c = `x_${t}`;\nexports.up = (knex) => knex.raw(`ALTER TABLE ${t} DROP "
           "COLUMN ${c}, DROP COLUMN y`);\n"),
      "3 drop-column a.x_a\n3 drop-column a.y\n");
}

TEST(ScriptStatements, WhatMayBeLeftOutExcusesNothing) {
  EXPECT_EQ(read("export const up = async (knex) => {\n  if (!(await knex.schema.hasTable('a')))\n    await "
                 "knex.schema.createTable('a', () => {});\n  await knex.schema.dropTable('a');\n};\n"),
            "4 drop-table a\n");
}

TEST(ScriptStatements, WhatIsNotReadIsUndecided) {
  EXPECT_EQ(read("exports.down = (knex) => knex.schema.dropTable('a');\n"),
            "1 undecided it has no function `up` that is read\n");
  EXPECT_EQ(read("module.exports = require('./other');\n"),
            "1 undecided it has no function `up` that is read\n");
  EXPECT_EQ(read("exports.up = (knex) => {\n  knex.schema = = 1;\n};\n"),
            "2 undecided it is not JavaScript or TypeScript that can be read\n");
  EXPECT_FALSE(script_statements("exports.up = (k) => {" + std::string(40000, '(')).empty());
}

}  // namespace
}  // namespace exitgate::collect
