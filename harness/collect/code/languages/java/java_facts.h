// One function for each kind of fact in a Java file, and in the settings beside it.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/collect/code/languages/java/java_names.h"

namespace exitgate::collect::code::java {

// System.getenv, Spring's Environment and @Value, MicroProfile's @ConfigProperty. Of names that are no variables' but
// properties' (`spring.datasource.url`) nothing is told, for files may give them.
void find_environment_reads(const JavaNames& names, std::vector<EnvironmentRead>& found);
// JUnit 4 and 5, TestNG, Cucumber-JVM.
void find_hooks(const JavaNames& names, std::vector<Hook>& found);
// Hibernate's SchemaExport and SchemaUpdate.
void find_schema_calls(const JavaNames& names, std::vector<SchemaCall>& found);

// A placeholder `${X:default}` whose name is a variable's.
struct Placeholder {
  std::string variable;
  // False when it has a default that needs no other variable; nullopt when it is itself the default of another: `${A:${B}}`.
  std::optional<bool> required;
  std::size_t offset = 0;  // in the text
};
std::vector<Placeholder> placeholders_of(std::string_view text);
// "DATABASE_URL", not "spring.datasource.url".
bool is_variable_name(std::string_view name);

// Placeholders of application.properties, application.yml and bootstrap's.
void find_setting_reads(std::string_view path, std::string_view content, FileFacts& facts);
// Listeners of a whole run, in META-INF/services and in pom.xml.
void find_listeners(std::string_view path, std::string_view content, FileFacts& facts);

}  // namespace exitgate::collect::code::java
