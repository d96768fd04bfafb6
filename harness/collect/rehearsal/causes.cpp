#include "harness/collect/rehearsal/causes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/text.h"

namespace exitgate::collect::rehearsal {

namespace {

using facts::rehearsal::Loss;
using facts::rehearsal::LossKind;

// One reader quotes a name where SQL needs it, another does not.
std::string without_quotes(std::string name) {
  std::erase(name, '"');
  return name;
}

bool has(const std::vector<observe::Object>& objects, const std::string& identity) {
  const std::string bare = without_quotes(identity);
  return std::any_of(objects.begin(), objects.end(),
                     [&](const auto& object) { return without_quotes(object.identity) == bare; });
}

// The name without its schema and quotes stands in the statement as a word.
bool mentions(const observe::Statement& statement, std::string_view qualified) {
  const std::string name = lower(without_quotes(std::string(qualified.substr(qualified.rfind('.') + 1))));
  const std::string text = lower(statement.text);
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

bool locks(const observe::Statement& statement, std::string_view relation) {
  return std::any_of(statement.locks.begin(), statement.locks.end(),
                     [&](const auto& lock) { return lock.relation == relation; });
}

// How sure it is that the statement did it; 0: it did not, as far as can be seen.
int likelihood(const Loss& loss, const observe::Statement& seen) {
  const std::string whole = loss.name ? loss.relation + "." + *loss.name : loss.relation;
  switch (loss.kind) {
    case LossKind::table:
      return has(seen.dropped, loss.relation) ? 3 : 0;
    case LossKind::column:
      if (has(seen.dropped, whole)) return 3;
      return has(seen.dropped, loss.relation) ? 2 : 0;
    case LossKind::object: {
      const bool dropped = std::any_of(seen.dropped.begin(), seen.dropped.end(), [&](const auto& object) {
        const std::string named = object.kind + " " + object.identity;
        return loss.name && (named == *loss.name || loss.name->ends_with(" " + object.identity));
      });
      if (dropped) return 3;
      return loss.name && mentions(seen, *loss.name) ? 1 : 0;
    }
    case LossKind::narrowed:
    case LossKind::renamed:
      if (!mentions(seen, loss.relation) && !locks(seen, loss.relation)) return 0;
      if (seen.command.find("ALTER") == std::string::npos) return 0;
      return loss.name && !mentions(seen, *loss.name) ? 1 : 3;
    case LossKind::rows:
    case LossKind::values:
      if (!mentions(seen, loss.relation) && !locks(seen, loss.relation)) return 0;
      if (seen.writes) return loss.name && !mentions(seen, *loss.name) ? 1 : 3;
      return loss.name && seen.command == "ALTER TABLE" && mentions(seen, *loss.name) ? 2 : 0;
  }
  return 0;
}

}  // namespace

void name_causes(std::vector<Loss>& losses, const std::vector<Statement>& statements) {
  for (auto& loss : losses) {
    int best = 0;
    for (std::size_t at = 0; at < statements.size(); ++at) {
      const auto& one = statements[at];
      if (one.phase != loss.phase || !one.seen.ok()) continue;
      const int sure = likelihood(loss, one.seen);
      if (sure <= best) continue;
      best = sure;
      loss.statement = static_cast<std::int64_t>(at);
    }
  }
}

}  // namespace exitgate::collect::rehearsal
