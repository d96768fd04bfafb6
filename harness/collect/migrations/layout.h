// The histories of a tool that are read by where its files lie and how they are named, without following its
// configuration: what a shallow tool's record is made of.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

// What shows that a project uses the tool: a file of the tool's own, or a manifest that names it.
struct Sign {
  std::string file;       // its name, or "*.csproj"
  std::string word = {};  // that must stand in it as a whole word; "": the file alone shows it
};

// A kind of file that is a migration.
struct MigrationFile {
  std::string name;                     // glob
  std::vector<std::string> marks = {};  // strings that must all stand in it; "a|b" is one of both
};

// A value that the project's own configuration gives.
struct Setting {
  enum class Form {
    assigned,  // `key: "value"`, in the braces of `within` where that is named (source_setting() of settings.h)
    argument,  // key("value"): of a call or macro
    option     // `key value` on a command line that names `within`: "-m db/migrations"
  };
  std::string file;  // glob of its name, below a sign
  std::string key;
  std::string within = {};
  Form form = Form::assigned;
};

struct Layout {
  // One of them must lie in a folder above the migrations; the nearest one is the history's configuration.
  // None: the marks and the folder tell enough.
  std::vector<Sign> signs = {};
  // Globs of the folder's path, from where the sign lies; none: any folder whose path says that it holds migrations.
  std::vector<std::string> folders = {};
  // Folders that the configuration names, from the file's own folder, from the sign's, or from the root.
  std::vector<Setting> configured = {};
  std::vector<Setting> tables = {};  // that give the table of the state
  std::string folder_mark =
      {};  // a comment of which one shows that a folder's files are migrations, whatever it is named
  std::string beside = {};  // a file that must be there, named from the folder of the migrations
  std::vector<MigrationFile> files = {};
  std::vector<std::string> except = {};  // globs of names
  // The tool takes every file of the kind in the folder: one that lacks the marks is a migration too when another has them.
  bool every_file = false;
  bool nested = false;  // each migration is a folder with a file of that name in it

  // How a name reads: `prefix`, a number, and the rest.
  std::string prefix = {};
  bool numbered = true;  // false: any name will do
  bool dotted = false;   // the number has parts and ends at "__": "V1_2__title.sql"
  enum class Id { number, stem, name, path } id = Id::number;        // `path`: from the folder of the history
  enum class Order { number, name, unknown } order = Order::number;  // `name`: as strings, byte by byte
  bool whole_project = false;  // one history of all that lies below the sign, not one of each folder
};

// A reader for Tool::find. "*.sql" means neither files of the way down nor those of the way up of a pair, which
// "*.up.sql" means. Files that another tool has taken are left out, and so are folders of SQL in which
// another tool's unmistakable comments stand; what lies in a dependency that was committed is nobody's.
std::function<void(Source&, std::vector<Environment>&)> by_layout(std::string tool, Layout layout);

}  // namespace exitgate::collect
