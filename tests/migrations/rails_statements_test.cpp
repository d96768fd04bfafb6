// What Rails migrations take away, read line by line.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tools/rails/statements.h"

namespace exitgate::collect {
namespace {

std::string read(std::string_view text) {
  std::string lines;
  for (const auto& one : rails_statements(text)) {
    if (is_index_change(one)) continue;
    lines += fmt::format("{} {} {}{}\n", one.line, one.kind, one.undecided() ? one.text : one.object,
                         one.harmless ? " (harmless)" : "");
  }
  return lines;
}

std::string change(const std::string& body) {
  return "class M < ActiveRecord::Migration[7.1]\n  def change\n" + body + "  end\nend\n";
}

TEST(RailsStatements, WhatOnlyMakesIsNothing) {
  EXPECT_EQ(read(change(R"(    create_table :orders, id: :uuid do |t| # a table
      t.string :name, null: false, default: "drop_table :x; end"
      t.references :user, foreign_key: true,
                          index: { unique: true }
      t.timestamps
    end
    add_column :users, :age, :integer if column_exists?(:users, :name)
    add_index(:users, :age, algorithm: :concurrently)
    reversible do |dir|
      dir.up { add_check_constraint :users, "age > 0" }
      dir.down do
        drop_table :users
      end
    end
    say "done"
)")),
            "");
}

TEST(RailsStatements, WhatTakesAwayIsNamed) {
  EXPECT_EQ(read(change(R"(    drop_table :orders, if_exists: true
    remove_column "users", :age, :integer
    remove_columns :users, :a, :b, type: :text
    safety_assured { remove_reference :users, :team }
    change_table :users, bulk: true do |t|
      t.remove :c, :d
      t.change :e, :text
      t.string :f
    end
    change_column :users, :g, :bigint
    change_column_null :users, :h, false
    change_column_null :users, :i, true
    rename_table(:users, :people)
)")),
            "3 drop-table orders\n4 drop-column users.age\n5 drop-column users.a\n5 drop-column users.b\n"
            "6 drop-column users.team_id\n8 drop-column users.c\n8 drop-column users.d\n9 alter-column-type "
            "users.e\n"
            "12 alter-column-type users.g\n13 set-not-null users.h\n15 rename users\n");
}

TEST(RailsStatements, SqlIsReadAsSql) {
  EXPECT_EQ(read(R"(class M < ActiveRecord::Migration[7.1]
  def up
    execute <<~SQL
      CREATE TABLE a ();
      DROP TABLE b;
    SQL
    execute "DROP TABLE c"
    execute "DROP TABLE #{name}"
  end

  def down
    execute "DROP TABLE d"
  end
end
)"),
            "5 drop-table b\n7 drop-table c\n8 undecided execute \"DROP TABLE #{name}\"\n");
}

TEST(RailsStatements, WhatIsNotAnOperationIsUndecided) {
  EXPECT_EQ(read(R"(class M < ActiveRecord::Migration[7.1]
  TABLE = :orders
  class Order < ActiveRecord::Base; end

  def up
    table = :users
    Order.where(x: 1).delete_all
    helper(table)
    [:a, :b].each do |one|
      drop_table one
    end
    revert OldMigration
  end

  def helper(table)
    drop_table table
  end
end
)"),
            "7 undecided Order.where(x: 1).delete_all\n8 undecided helper(table)\n9 undecided [:a, :b].each "
            "do |one|\n"
            "10 drop-table {one}\n12 undecided revert OldMigration\n16 drop-table {table}\n");
}

TEST(RailsStatements, NoMethodThatGoesUpIsUndecided) {
  EXPECT_EQ(read("drop_table :orders\n"), "1 undecided \n");
  EXPECT_EQ(read("class M < OtherMigration\n  def down\n  end\nend\n"), "1 undecided \n");
  EXPECT_EQ(read("class M < ActiveRecord::Migration\n  def self.up\n    drop_table :a\n  end\nend\n"),
            "3 drop-table a\n");
}

TEST(RailsStatements, OneLineOfAll) {
  EXPECT_EQ(read("class M < ActiveRecord::Migration[7.1]; def change; drop_table :a; end; end\n"),
            "1 drop-table a\n");
}

TEST(RailsStatements, MadeByTheSameMigrationIsHarmless) {
  EXPECT_EQ(read(change("    create_table :tmp do |t|\n    end\n    drop_table :tmp\n")),
            "5 drop-table tmp (harmless)\n");
}

}  // namespace
}  // namespace exitgate::collect
