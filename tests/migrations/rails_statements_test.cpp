// What Rails migrations take away, read by the Ruby grammar.
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
  EXPECT_EQ(
      read(R"(class M < ActiveRecord::Migration[7.1]
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
      "7 undecided Order.where(x: 1).delete_all\n16 drop-table users\n10 drop-table a\n10 drop-table b\n"
      "12 undecided revert OldMigration\n");
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

std::string reasons(std::string_view text) {
  std::string lines;
  for (const auto& one : rails_statements(text)) {
    if (!is_index_change(one)) lines += fmt::format("{} {}\n", one.line, one.reason);
  }
  return lines;
}

TEST(RailsStatements, OnlyTheWayUpIsRead) {
  EXPECT_EQ(read(R"(class M < ActiveRecord::Migration[7.1]
  def change
    reversible { |dir| dir.down { drop_table :a } }
    reversible do |direction|
      direction.down do
        helper_down
      end
      direction.up { execute "TRUNCATE b" }
    end
    reversible(&method(:up_down))
  end

  def helper_down = drop_table(:c)

  def up_down(way)
    way.up do
      drop_table :d
    end
    way.down { drop_table :e }
  end

  class Order < ApplicationRecord
    def self.up = drop_table(:f)
  end
end
)"),
            "8 truncate b\n17 drop-table d\n");
}

TEST(RailsStatements, BlocksAreReadByTheirParameters) {
  EXPECT_EQ(read(change(R"(    create_table :a do |t|
      t.string :name
      t.remove :name
    end
    change_table(:b, bulk: true) { |table| table.remove :x, type: :text; table.rename :y, :z }
    change_table :c do |t|
      t.remove_references :owner, polymorphic: true
      t.change_null :d, true
      t.remove_attachment :picture
      t.attachment :image
      Order.delete_all
    end
)")),
            "7 drop-column b.x\n7 rename b.y\n9 drop-column c.owner_id\n9 drop-column c.owner_type\n"
            "11 undecided t.remove_attachment :picture\n13 undecided Order.delete_all\n");
}

TEST(RailsStatements, NamesAreWhatLiteralsAndConstantsMakeOfThem) {
  EXPECT_EQ(read(R"(class M < ActiveRecord::Migration[7.1]
  TABLES = %w[a b].freeze
  COLUMNS = [:x, :y]
  NAME = :"c"

  def up
    TABLES.each { |table| drop_table table, if_exists: true }
    remove_columns NAME, *COLUMNS
    %i[d e].each do |one|
      remove_column "f", one
    end
    gone = 'g'
    rename_table(gone, "h")
    drop_table "i_#{NAME}"
    drop_table tables_of_the_day
    drop_join_table :users, :roles
  end

  def tables_of_the_day
    Time.now.to_s
  end
end
)"),
            "7 drop-table a\n7 drop-table b\n8 drop-column c.x\n8 drop-column c.y\n10 drop-column f.d\n"
            "10 drop-column f.e\n13 rename g\n14 drop-table i_c\n15 drop-table {tables_of_the_day}\n"
            "16 drop-table roles_users\n");
}

TEST(RailsStatements, SqlIsFoundWhereverItStands) {
  EXPECT_EQ(
      read(R"(class M < ActiveRecord::Migration[7.1]
  DROP = <<~SQL.freeze
    DROP TABLE a;
  SQL

  def up
    safety_assured do
      execute(<<-A.squish, <<-B)
        DROP TABLE b
      A
        DROP TABLE not_run
      B
      execute DROP
      execute sql
    end
    ActiveRecord::Base.connection.execute 'DROP TABLE "d"'
    Order.connection.exec_update("UPDATE e " \
      "SET x = 1")
    connection.select_value "SELECT 1"
    DB.exec("DROP TABLE f")
    query = "DROP TABLE " + "g"
    execute query
    execute "UPDATE h SET x = #{value} WHERE id = 1"
    execute format("DROP TABLE %s", name)
  end

  def sql
    <<~SQL
      DROP TABLE c
    SQL
  end
end
)"),
      "9 drop-table b\n3 drop-table a\n29 drop-table c\n16 drop-table d\n17 update-all e\n"
      "20 drop-table f\n21 drop-table g\n23 undecided execute \"UPDATE h SET x = #{value} WHERE id = 1\"\n"
      "24 undecided execute format(\"DROP TABLE %s\", name)\n");
}

TEST(RailsStatements, WhatMayBeLeftOutExcusesNothing) {
  EXPECT_EQ(read(change(R"(    create_table :a unless table_exists?(:a)
    drop_table :a
    create_table :b, if_not_exists: true do |t|
    end
    drop_table :b
    if ENV["DROP"]
      drop_table :c
    else
      table_exists?(:d) && drop_table(:d)
    end
    add_column :e, :f, :text
    remove_column :e, :f
    create_table :g, force: :cascade
)")),
            "4 drop-table a\n7 drop-table b\n9 drop-table c\n11 drop-table d\n14 drop-column e.f (harmless)\n"
            "15 drop-table g\n");
}

TEST(RailsStatements, ConditionsAndLoopsAreReadToo) {
  EXPECT_EQ(
      read(change(R"(    return if Order.delete_all > 0
    Order.find_each(&:destroy)
    Order.where(paid: true).each do |order|
      name = order.name
      order.update!(name: name.strip)
    end
    names = Order.pluck(:name).map(&:strip)
    value = purge(names)
    begin
      add_column :a, :b, :text
    rescue ActiveRecord::StatementInvalid => e
      puts e.message
      drop_table :a
    end
    -> { drop_table :c }.call
)")),
      "3 undecided Order.delete_all\n4 undecided &:destroy\n7 undecided order.update!(name: name.strip)\n"
      "10 undecided purge(names)\n15 drop-table a\n17 undecided -> { drop_table :c }.call\n");
}

TEST(RailsStatements, HelpersOfOthersAreNamed) {
  EXPECT_EQ(
      reasons(change(
          "    rename_column_concurrently :a, :b, :c\n    Migrator.new.up\n    send(:drop_table, :d)\n")),
      "3 `rename_column_concurrently` is not an operation that is read\n4 `up` is not an operation that is "
      "read\n5 `send` is not an operation that is read\n");
}

TEST(RailsStatements, TextThatIsNotRubyIsUndecided) {
  EXPECT_EQ(reasons("class M < ActiveRecord::Migration[7.1]\n  def change\n    = drop ]\n  end\nend\n")
                .substr(0, 34),
            "3 it is not Ruby that can be read\n");
  std::string deep =
      "class M\n  def up\n" + std::string(5000, '(') + "drop_table :a" + std::string(5000, ')');
  EXPECT_FALSE(rails_statements(deep + "\n  end\nend\n").empty());
  std::string loops = "class M\n  def up\n";
  for (int i = 0; i < 12; ++i) loops += "%w[a b c d e f g h].each { |x" + std::to_string(i) + "| ";
  loops += "add_index :a, :b" + std::string(12, '}') + "\n  end\nend\n";
  EXPECT_EQ(reasons(loops), "3 it is too deep, or too long, to be read\n");
}

}  // namespace
}  // namespace exitgate::collect
