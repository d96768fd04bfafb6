// What yaml-cpp writes, in any of its styles, we read as what was written; and what both readers read of
// texts that people wrote, they read alike.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/yaml/yaml.h"

namespace exitgate::yaml {
namespace {

std::string exact(const std::string& text) {
  return fmt::format("{}'{}'", text.size(), text);
}

// A tree of texts, in one notation for both readers: "text", [..] and {key: ..}. What kind a plain scalar is
// is not compared: yaml-cpp does not say.
std::string notation(const Node& node) {
  if (node.is_scalar()) return exact(node.text);
  std::string text;
  for (const Node& item : node.items) text += notation(item) + ",";
  for (const Entry& entry : node.entries)
    text += fmt::format("{}:{},", notation(entry.key), notation(entry.value));
  return node.is_sequence() ? "[" + text + "]" : "{" + text + "}";
}

std::string notation(const YAML::Node& node) {
  std::string text;
  switch (node.Type()) {
    case YAML::NodeType::Sequence:
      for (const YAML::Node& item : node) text += notation(item) + ",";
      return "[" + text + "]";
    case YAML::NodeType::Map:
      for (const auto& entry : node)
        text += fmt::format("{}:{},", notation(entry.first), notation(entry.second));
      return "{" + text + "}";
    case YAML::NodeType::Scalar:
      return exact(node.Scalar());
    default:
      return exact("");
  }
}

class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  // Writes a random tree, and returns its notation.
  std::string write(YAML::Emitter& out, int depth) {
    const int kind = depth >= 5 ? 0 : below(5);
    if (kind <= 1) return write_scalar(out);
    const bool list = kind <= 2;
    const bool flow = below(3) == 0;
    const int size = below(5);
    std::string text;
    if (list) {
      out << (flow ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
      for (int i = 0; i < size; ++i) text += write(out, depth + 1) + ",";
      out << YAML::EndSeq;
      return "[" + text + "]";
    }
    out << (flow ? YAML::Flow : YAML::Block) << YAML::BeginMap;
    for (int i = 0; i < size; ++i) {
      const std::string key = fmt::format("k{}{}", i, words_[static_cast<std::size_t>(below(4))]);
      out << YAML::Key << key << YAML::Value;
      text += fmt::format("{}:{},", exact(key), write(out, depth + 1));
    }
    out << YAML::EndMap;
    return "{" + text + "}";
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  std::string write_scalar(YAML::Emitter& out) {
    std::string text;
    const int parts = 1 + below(5);
    for (int i = 0; i < parts; ++i)
      text += words_[static_cast<std::size_t>(below(static_cast<int>(words_.size())))];
    const int style = below(4);
    if (style == 1) out << YAML::DoubleQuoted;
    if (style == 2 && text.find('\n') == std::string::npos) out << YAML::SingleQuoted;
    out << text;
    return exact(text);
  }

  std::mt19937 random_;
  std::vector<std::string> words_ = {"a",
                                     "b c",
                                     "1",
                                     "true",
                                     ": ",
                                     " #",
                                     "- ",
                                     "\n",
                                     "'",
                                     "\"",
                                     "\\",
                                     "{",
                                     "]",
                                     ",",
                                     "é",
                                     "\t",
                                     "*x",
                                     "&y",
                                     "!z",
                                     "%",
                                     "|",
                                     ">",
                                     "?",
                                     "  ",
                                     "${{",
                                     "}}",
                                     "\n\n",
                                     "~",
                                     "@",
                                     "=",
                                     "\xF0\x9F\x9A\xAA"};
};

TEST(YamlSecondOpinion, ReadsWhatAnotherWriterWrites) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    YAML::Emitter out;
    Writer writer(seed);
    out << YAML::BeginMap << YAML::Key << "root" << YAML::Value;
    const std::string written = writer.write(out, 0);
    out << YAML::EndMap;
    ASSERT_TRUE(out.good()) << out.GetLastError();
    try {
      ASSERT_EQ(notation(*parse(out.c_str()).find("root")), written) << "seed " << seed << "\n"
                                                                     << out.c_str();
    } catch (const Problem& problem) {
      FAIL() << problem.line << ":" << problem.column << " " << problem.what() << "\n" << out.c_str();
    }
  }
}

TEST(YamlSecondOpinion, ReadsThisProjectsOwnFilesAsAnotherReaderDoes) {
  int files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(EXITGATE_SOURCE_DIR)) {
    const auto name = file.path().generic_string();
    if (name.find("/build/") != std::string::npos || !file.is_regular_file()) continue;
    if (file.path().extension() != ".yaml" && file.path().extension() != ".yml") continue;
    const std::string text = read_file(file.path());
    EXPECT_EQ(notation(parse(text)), notation(YAML::Load(text))) << name;
    ++files;
  }
  EXPECT_GE(files, 6);
}

}  // namespace
}  // namespace exitgate::yaml
