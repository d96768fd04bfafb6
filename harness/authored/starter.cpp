#include "harness/authored/starter.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

namespace exitgate::authored {

std::string starter_configuration(const std::string& step) {
  YAML::Emitter out;
  out << YAML::Comment(
             "What Exitgate needs to know about this repository. The lines further down that are commented "
             "out\n"
             "are examples: delete the \"# \" to use one.")
      << YAML::Newline;
  out << YAML::BeginMap << YAML::Key << "database" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "steps" << YAML::Comment("an empty database becomes the schema") << YAML::Value
      << YAML::BeginSeq << step << YAML::EndSeq;
  // The emitter begins comments at the start of the line, whatever the level.
  out << YAML::Newline
      << YAML::Comment(
             "  roles: [app_user]           # created before anything else\n"
             "  owner: app_user             # owns the database and runs the steps\n"
             "  environment: {DATABASE_URL: \"{url}\"}");
  out << YAML::EndMap << YAML::EndMap;
  out << YAML::Newline << YAML::Newline
      << YAML::Comment(
             "parameters:\n"
             "  EG-CG1.retention: {min-days: 30}")
      << YAML::Newline << YAML::Newline
      << YAML::Comment(
             "evidence:\n"
             "  documents: [docs/evidence.md]   # must be tracked at the commit")
      << YAML::Newline;
  return out.c_str();
}

}  // namespace exitgate::authored
