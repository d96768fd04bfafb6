#include "harness/collect/ci/script/interpreter.h"

namespace exitgate::collect::ci::script {

using shell::Assignment;
using shell::Command;
using shell::List;
using shell::Part;
using shell::Word;

void Interpreter::simple(const Command& command, State state, bool tested, States& into) {
  std::vector<std::string> words;
  std::vector<std::pair<std::string, std::string>> values;
  state.substituted = 0;
  for (const Assignment& one : command.assignments) values.emplace_back(one.name, assigned(one, state));
  for (const Word& word : command.words) {
    for (std::string& one : words_of(word, state)) words.push_back(std::move(one));
  }
  if (words.empty()) {
    for (auto& [name, value] : values) state.variables[name] = std::move(value);
    state.status = state.substituted;
    return add(into, std::move(state));
  }
  const std::string name = plain(words[0]);
  if (const auto function = state.functions.find(name); function != state.functions.end()) {
    const Command& body = *function->second;
    words.erase(words.begin());
    return call(body, std::move(words), std::move(state), tested, into);
  }
  States ended;
  run_command(words, std::move(state), ended);
  add_all(into, std::move(ended));
}

void Interpreter::call(const Command& body, std::vector<std::string> arguments, State state, bool tested,
                       States& into) {
  std::vector<std::string> outer = std::exchange(state.arguments, std::move(arguments));
  States ended;
  run(body, std::move(state), tested, ended);
  for (State& one : ended) {
    one.returned = false;
    one.arguments = outer;
    add(into, std::move(one));
  }
}

// The value that a variable gets.
std::string Interpreter::assigned(const Assignment& one, State& state) {
  std::string text = text_of(one.value, state);
  // Of one element of an array, which is not followed.
  if (one.subscript) return is_looked(text) ? std::string{kLooked, kUnknown} : std::string(1, kUnknown);
  if (!one.append) return text;
  const std::string before = state.variables[one.name];
  const bool array = !one.value.parts.empty() && one.value.parts[0].kind == Part::Kind::array;
  return before + (array && !before.empty() ? " " : "") + text;
}

std::string Interpreter::counted(std::string text) {
  constexpr std::size_t kMostBytes = 4U << 20;  // of all texts that it makes
  bytes_ += text.size();
  if (bytes_ > kMostBytes) throw NotDecided("the script makes too much text");
  return text;
}

// Without splitting.
std::string Interpreter::text_of(const Word& word, State& state) {
  std::string text;
  for (const Part& part : word.parts) text += counted(value_of(part, state));
  return text;
}

// A pattern in which what is quoted stands for itself: `\` before what a pattern would take otherwise.
std::string Interpreter::pattern_of(const Word& word, State& state) {
  std::string text;
  for (const Part& part : word.parts) {
    for (const char c : counted(value_of(part, state))) {
      if (part.quoted && (c == '*' || c == '?' || c == '[' || c == '\\')) text += '\\';
      text += c;
    }
  }
  return text;
}

std::vector<std::string> Interpreter::words_of(const Word& word, State& state) {
  std::vector<std::string> words;
  bool open = false;
  for (const Part& part : word.parts) {
    const bool parameter = part.kind == Part::Kind::parameter;
    if (parameter && part.quoted && (part.text == "@" || part.text == "*")) {
      for (const std::string& argument : state.arguments) words.push_back(argument);
      continue;
    }
    const std::string value = counted(value_of(part, state));
    const bool items = parameter && part.text.ends_with("[@]");
    if (part.kind == Part::Kind::literal || part.kind == Part::Kind::array || (part.quoted && !items)) {
      if (!open) words.emplace_back();
      words.back() += value;
      open = true;
      continue;
    }
    // A looked-at value makes each of its words a looked-at one.
    const bool looked = is_looked(value);
    std::string piece;
    const auto flush = [&] {
      if (plain(piece).empty() && !is_unknown(piece)) {
        piece.clear();
        return;
      }
      if (!open) words.emplace_back();
      words.back() += looked && !is_looked(piece) ? kLooked + piece : piece;
      open = true;
      piece.clear();
    };
    for (const char c : value) {
      if (c == ' ' || c == '\t' || c == '\n') {
        flush();
        open = false;
      } else {
        piece += c;
      }
    }
    flush();
  }
  return words;
}

std::string Interpreter::value_of(const Part& part, State& state) {
  switch (part.kind) {
    case Part::Kind::literal:
      return part.text;
    case Part::Kind::parameter:
      return parameter_value(part.text, state);
    case Part::Kind::arithmetic: {
      const auto value = calculate(part.text, state);
      return value ? std::to_string(*value) : std::string(1, kUnknown);
    }
    case Part::Kind::command:
      return output_of(*part.commands, state);
    case Part::Kind::process:
      throw NotDecided("the script gives a process for a file");
    case Part::Kind::expression:
      return std::string(1, kUnknown);
    case Part::Kind::array: {
      // An array is not followed: it is one text of words.
      std::string text;
      for (const Word& item : part.items) {
        if (&item != &part.items.front()) text += ' ';
        text += text_of(item, state);
      }
      return text;
    }
  }
  return "";
}

// Of `$( )`.
std::string Interpreter::output_of(const List& list, State& state) {
  State inner = state;
  inner.output.clear();
  const States ended = run(list, std::move(inner), false);
  if (ended.empty()) return "";
  bool looked = false;
  bool same = true;
  for (const State& one : ended) {
    looked = looked || is_looked(one.output) || is_looked(one.why);
    same = same && one.output == ended[0].output && one.status == ended[0].status;
  }
  if (!same) {
    state.why = ended[0].why;
    return looked ? std::string{kLooked, kUnknown} : std::string(1, kUnknown);
  }
  state.substituted = ended[0].status;
  std::string text = ended[0].output;
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace exitgate::collect::ci::script
