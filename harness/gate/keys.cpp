#include "harness/gate/keys.h"

#include <array>

namespace exitgate::gate {

namespace {

using config::Key;
using namespace config::shapes;

constexpr std::array kGateFileKeys = {
    Key{"exit-gate",
        "the exit gate's name, as EG-ACME1: the first part of its gates' names, and a label of each",
        R"({"type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]*$"})", true},
    Key{"title", "what it asks, in one line", kText, true},
    Key{"bundle", "files that the archive of every run of the whole exit gate must hold", kTexts},
    Key{"include", "gates of others: files, folders, git commits, OCI artifacts", kIncludes},
    Key{"gates", "its gates", R"({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/gate"}})", true},
};

constexpr std::array kGateKeys = {
    Key{"id", "the gate's name in its exit gate: the CTest test is EXIT-GATE.ID",
        R"({"$ref": "#/$defs/name"})", true},
    Key{"title", "what the gate holds to be true, in one line", kText, true},
    Key{"why", "what goes wrong without it (default: what the check says)", kText},
    Key{"hint", "what to do, for findings that have no hint of their own", kText},
    Key{"severity",
        "how serious its findings are, for reports (default: error); it does not change what turns a run red",
        R"({"enum": ["error", "warning", "note"]})"},
    Key{"check", "the check that it evaluates; `exitgate explain` lists them", R"({"$ref": "#/$defs/check"})",
        true},
    Key{"with", "the check's parameters; `exitgate explain CHECK` lists them", R"({"type": "object"})"},
    Key{"about",
        "what must be looked at where it exists: a table, one SELECT, `database` or `unprovisioned-database`",
        kText},
    Key{"core",
        "whether its exit gate is green only when this gate was evaluated or does not apply (default: false)",
        kBoolean},
    Key{"labels", "labels to select it by; the exit gate's name is always one",
        R"({"type": "array", "items": {"$ref": "#/$defs/name"}})"},
    Key{"bundle", "files that the archive of every run of this gate must hold, unless it skips", kTexts},
    Key{"counterexample",
        "what must turn the gate red: SQL that changes the facts, an example in the check's words, or {none: "
        "why there is none}",
        R"({"anyOf": [{"type": "string", "pattern": "\\S"}, {"$ref": "#/$defs/no-counterexample"}, {"type": "object", "not": {"required": ["none"]}}]})"},
};

constexpr std::array kProfileKeys = {
    Key{"profile", "its name, that of its file", kText, true},
    Key{"title", "for whom it is, in one line", kText, true},
    Key{"gates", "the gates that it asks: names, globs over names, or labels (default: all)", kTexts},
    Key{"except", "of these, the gates that it leaves out", kTexts},
    Key{"parameters", "parameters of gates, by the gate's name", R"({"$ref": "#/$defs/gate-parameters"})"},
    Key{"labels", "further labels of gates, by the gate's name",
        R"({"type": "object", "additionalProperties": {"$ref": "#/$defs/texts"}})"},
};

constexpr std::array kNoCounterexampleKeys = {
    Key{"none", "why nothing proves that the gate can fail", kText, true},
};

}  // namespace

const config::Mapping kGateFile{"gate-file", "a gate file", kGateFileKeys};
const config::Mapping kGate{"gate", "a gate", kGateKeys};
const config::Mapping kProfile{"profile", "a profile", kProfileKeys};
const config::Mapping kNoCounterexample{"no-counterexample", "a counterexample", kNoCounterexampleKeys};

std::vector<const config::Mapping*> gate_mappings() {
  return {&kGateFile, &kGate, &kNoCounterexample};
}

}  // namespace exitgate::gate
