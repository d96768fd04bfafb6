// What a Django migration takes away, by the operations of its class.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

// The fields of an application's models as the migrations before have left them: AlterField says only what a
// field becomes.
struct DjangoModels {
  struct DjangoField {
    std::string type;                              // "models.CharField"
    std::map<std::string, std::string> arguments;  // as written
  };
  struct DjangoModel {
    std::map<std::string, DjangoField> fields;  // by name
    bool unique_together = false;
  };
  std::map<std::string, DjangoModel> models;  // by name in lower case
};

// Adds what the operations of the migration `definition` do to the database, forwards, and brings `models` up
// to it. Objects are named as the models are: "Order", "Order.note". RunSQL is read as SQL; RunPython and an
// operation that is not Django's own are undecided, and so is an AlterField whose field is not known.
void add_django_operations(const syntax::Tree& tree, const syntax::Names& names, syntax::Id definition,
                           DjangoModels& models, Statements& statements);

// A class of the module that is the migration; kNoNode when there is none.
syntax::Id django_migration_class(const syntax::Tree& tree);
// The value that a class's body assigns to a name; kNoNode when it does not, and `unclear` when it does so in
// another way.
syntax::Id django_class_value(const syntax::Tree& tree, syntax::Id definition, std::string_view name,
                              bool& unclear);

}  // namespace exitgate::collect
