// Gates as a team writes them, evaluated on a small repository made for the occasion.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/collect/asked/collect.h"
#include "harness/verdict/verdict.h"

namespace exitgate::asked {

using Files = std::map<std::string, std::string>;

// A gate file of one exit gate, EG-OWN: `gates` is the YAML of its list.
std::string gate_file(const std::string& gates);

// What the mistakes of a gate file say, one a line, each with "  > hint" under it; "" when there is none.
std::string mistakes(const std::string& gate_file);

struct Tried {
  verdict::Verdict verdict;
  // "pass, red under its counterexample" and a line for each finding ("FAIL a.py:1: message", "? a.bin: reason") and note.
  std::string said;
};

// The gates of the file, each with its verdict, on a repository of one commit with these files. `missing`: the file whose blob the
// clone lacks; "" for none.
std::vector<Tried> try_gates(const std::string& gate_file, const Files& files,
                             const std::string& missing = "");
// The only one: what it says.
std::string try_gate(const std::string& gate, const Files& files);

}  // namespace exitgate::asked
