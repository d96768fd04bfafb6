// What the operations of a Django migration take away.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

struct OperationsCase {
  const char* name;
  const char* operations;  // of 0002
  const char* expected;
};

void PrintTo(const OperationsCase& one, std::ostream* out) {
  *out << one.name;
}

std::string migration(const std::string& parent, const std::string& operations) {
  return fmt::format(
      "from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n"
      "    dependencies = [{}]\n    operations = {}\n",
      parent.empty() ? "" : fmt::format("('shop', '{}')", parent), operations);
}

const char* const kFirst = R"([
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('note', models.CharField(max_length=80, null=True)),
                ('mail', models.EmailField(unique=True)),
                ('amount', models.DecimalField(max_digits=8, decimal_places=2)),
                ('size', models.IntegerField(default=0)),
                ('kind', kinds.KindField()),
                ('buyer', models.ForeignKey(on_delete=models.CASCADE, to='shop.Buyer')),
            ],
            options={'unique_together': {('note', 'mail')}},
        ),
        migrations.CreateModel(name='Buyer', fields=[]),
    ])";

class DjangoOperations : public ::testing::TestWithParam<OperationsCase> {};

TEST_P(DjangoOperations, TakeAway) {
  const test::ScratchRepository scratch;
  scratch.write("shop/migrations/__init__.py", "");
  scratch.write("shop/migrations/0001_initial.py", migration("", kFirst));
  scratch.write("shop/migrations/0002_next.py", migration("0001_initial", GetParam().operations));
  scratch.commit();
  const CollectedMigrations found(scratch.root());
  EXPECT_EQ(found.statements(), GetParam().expected);
}

const OperationsCase kOperations[] = {
    {"Nothing", "[]", ""},
    {"Models",
     "[migrations.DeleteModel(name='Order'),\n migrations.RenameModel('Buyer', 'Client'),\n"
     " migrations.AlterModelTable('Client', 'clients')]",
     "5 drop-table Order\n6 rename Buyer\n7 rename Client"},
    {"Fields",
     "[migrations.RemoveField(model_name='order', name='note'),\n"
     " migrations.RenameField('order', 'mail', 'email')]",
     "5 drop-column order.note\n6 rename order.mail"},
    {"WhatIsAdded",
     "[migrations.AddField('order', 'x', models.TextField()),\n"
     " migrations.AddIndex('order', models.Index(fields=['x'], name='i')),\n"
     " migrations.RemoveIndex('order', 'i'),\n migrations.AlterModelOptions('order', {'ordering': ['x']})]",
     ""},
    {"WhatItHasMadeItself",
     "[migrations.CreateModel('Draft', [('id', models.AutoField(primary_key=True))]),\n"
     " migrations.RemoveField('draft', 'id'),\n migrations.DeleteModel('Draft'),\n"
     " migrations.AddField('order', 'x', models.TextField()),\n migrations.RemoveField('order', 'x')]",
     "6 drop-column draft.id (the same migration has made its table)\n"
     "7 drop-table Draft (the same migration has made its table)\n"
     "9 drop-column order.x (the same migration has made it)"},
    {"NarrowerText", "[migrations.AlterField('order', 'note', models.CharField(max_length=40, null=True))]",
     "5 alter-column-type order.note"},
    {"WiderText", "[migrations.AlterField('order', 'note', models.CharField(max_length=90, null=True))]", ""},
    {"TextWithoutALimit", "[migrations.AlterField('order', 'note', models.TextField(null=True))]", ""},
    {"AnotherKindOfText",
     "[migrations.AlterField('order', 'mail', models.CharField(max_length=254, unique=True)),\n"
     " migrations.AlterField('order', 'mail', models.SlugField(unique=True))]",
     "6 alter-column-type order.mail"},
    {"OnlyWhatDjangoShows",
     "[migrations.AlterField('order', 'note', models.CharField(help_text='x', max_length=80, null=True)),\n"
     " migrations.AlterField('order', 'size', models.IntegerField(default=1, verbose_name='s'))]",
     ""},
    {"AnotherType", "[migrations.AlterField('order', 'size', models.BigIntegerField(default=0))]",
     "5 alter-column-type order.size"},
    {"ATypeOfTheProjectsOwn", "[migrations.AlterField('order', 'size', kinds.KindField())]",
     "5 undecided migrations.AlterField('order', 'size', kinds.KindField()) (whether the column's type "
     "becomes "
     "narrower is not written here)"},
    {"WiderNumber",
     "[migrations.AlterField('order', 'amount', models.DecimalField(max_digits=10, decimal_places=2))]", ""},
    {"OtherPlaces",
     "[migrations.AlterField('order', 'amount', models.DecimalField(max_digits=10, decimal_places=4))]",
     "5 alter-column-type order.amount"},
    {"NotNull", "[migrations.AlterField('order', 'note', models.CharField(max_length=80))]",
     "5 set-not-null order.note"},
    {"NoLongerUnique", "[migrations.AlterField('order', 'mail', models.EmailField())]",
     "5 drop-constraint order.mail"},
    {"AnotherColumn",
     "[migrations.AlterField('order', 'size', models.IntegerField(db_column='n', default=0))]",
     "5 rename order.size"},
    {"AnotherTarget",
     "[migrations.AlterField('order', 'buyer', models.ForeignKey(on_delete=models.CASCADE, "
     "to='shop.order'))]",
     "5 undecided migrations.AlterField('order', 'buyer', models.ForeignKey(on_delete=models.CASCADE, "
     "to='shop.order')) (whether the column's type becomes narrower is not written here)"},
    {"AFieldThatNobodyMade", "[migrations.AlterField('order', 'nothing', models.TextField())]",
     "5 undecided migrations.AlterField('order', 'nothing', models.TextField()) (what the field was before "
     "is "
     "in no migration here)"},
    {"AFieldThatWasRenamed",
     "[migrations.RenameField('order', 'note', 'text'),\n"
     " migrations.RenameModel('Order', 'Sale'),\n"
     " migrations.AlterField('sale', 'text', models.CharField(max_length=80, null=True))]",
     "5 rename order.note\n6 rename Order"},
    {"Constraints",
     "[migrations.RemoveConstraint('order', 'c'),\n"
     " migrations.AddConstraint('order', models.UniqueConstraint(fields=['size'], name='d')),\n"
     " migrations.RemoveConstraint('order', 'd')]",
     "5 drop-constraint order.c\n7 drop-constraint order.d (the same migration has made it)"},
    {"UniqueTogether",
     "[migrations.AlterUniqueTogether('buyer', {('a', 'b')}),\n"
     " migrations.AlterUniqueTogether(name='order', unique_together=set())]",
     "6 drop-constraint order.unique_together"},
    {"OtherUniqueTogether", "[migrations.AlterUniqueTogether('order', {('a', 'b')})]",
     "5 undecided migrations.AlterUniqueTogether('order', {('a', 'b')}) (which of the model's unique "
     "constraints it drops is not read)"},
    {"Sql",
     "[migrations.RunSQL('DROP TABLE a', 'CREATE TABLE a ()'),\n"
     " migrations.RunSQL([('UPDATE b SET c = %s', [1]), 'ALTER TABLE d DROP COLUMN e']),\n"
     " migrations.RunSQL(migrations.RunSQL.noop),\n migrations.RunSQL(sql='SELECT 1', reverse_sql='DROP "
     "TABLE x')]",
     "5 drop-table a\n6 update-all b\n6 drop-column d.e"},
    {"SqlMadeAtRunTime", "[migrations.RunSQL(read('x.sql'))]",
     "5 undecided migrations.RunSQL(read('x.sql')) (the statement is put together at run time)"},
    {"AModelIsNoTable", "[migrations.CreateModel('Orders', []),\n migrations.RunSQL('DROP TABLE orders')]",
     "6 drop-table orders"},
    {"Python",
     "[migrations.RunPython(forwards, backwards),\n"
     " migrations.RunPython(migrations.RunPython.noop, backwards)]",
     "5 undecided migrations.RunPython(forwards, backwards) (what its Python does to the data is not read)"},
    {"TheStateAlone",
     "[migrations.SeparateDatabaseAndState(\n"
     "    database_operations=[migrations.RunSQL('DROP TABLE a')],\n"
     "    state_operations=[migrations.DeleteModel('Order')])]",
     "6 drop-table a"},
    {"AnOperationOfTheProjectsOwn", "[Shred('order')]",
     "5 undecided Shred('order') (the operation is not one of Django's that is known here)"},
    {"AnotherWayToList", "common + [migrations.DeleteModel('Order')]",
     "5 undecided common + [migrations.DeleteModel('Order')] (its operations are put together at run time)"},
    {"AListWithAName",
     "[migrations.SeparateDatabaseAndState(database_operations=gone)]\n"
     "    gone = [migrations.RemoveField('order', 'note')]",
     "6 drop-column order.note"},
    {"AnOperationFromElsewhere", "[drop_all_of_it, migrations.RemoveField('order', 'note')]",
     "5 undecided drop_all_of_it (the operation is not written here)\n5 drop-column order.note"},
};

INSTANTIATE_TEST_SUITE_P(Django, DjangoOperations, ::testing::ValuesIn(kOperations),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace exitgate::collect
