// A file of the commit as those who ask about it see it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/syntax/language.h"
#include "harness/syntax/parse.h"

namespace exitgate::collect::asked {

// What is more is not searched, and is said.
inline constexpr std::size_t kContentLimit = 32U << 20U;

// Whether the file's ending alone says that it is not text: it is then not read.
bool is_known_binary(std::string_view path);

// For one thread at a time.
class Content {
 public:
  // `content`: nullopt when it was not read; `unread` then says why.
  Content(std::string_view path, std::string_view mode, std::optional<std::string> content, std::size_t size,
          std::string unread = "");

  std::string_view path() const { return path_; }
  std::string_view mode() const { return mode_; }
  bool is_blob() const { return mode_ != "160000"; }
  std::optional<std::int64_t> size() const;
  void set_size(std::int64_t size) { said_size_ = size; }
  // As it is in the commit; nullptr when it was not read.
  const std::string* bytes() const { return content_ ? &*content_ : nullptr; }

  // Why it is not searched, "" when it is. Of a file that is not text (a picture, a symbolic link, a submodule, a pointer of Git LFS)
  // also what() says what it is: "binary file".
  const std::string& unread() const { return unread_; }
  const std::string& what() const { return what_; }

  // UTF-8 (of UTF-16 made so) without a byte order mark, its lines ended by "\n" alone. Only when unread() is "".
  std::string_view text() const { return text_; }
  // Of an offset into text(); both count from 1.
  std::int64_t line_of(std::size_t offset);
  std::int64_t position_of(std::size_t offset);
  // The line that the offset is in, without its end.
  std::string_view line_at(std::size_t offset) const;

  // Nullptr when parsing takes too long.
  const TSTree* tree(const syntax::Language& language);

 private:
  void classify();

  std::string_view path_;
  std::string_view mode_;
  std::optional<std::string> content_;
  std::size_t size_;
  std::optional<std::int64_t> said_size_;
  std::string unread_;
  std::string what_;
  std::string normalized_;  // where text_ is not content_ as it is
  std::string_view text_;
  std::vector<std::size_t> lines_;  // offsets of their beginnings, once one was asked for
  std::map<const syntax::Language*, std::unique_ptr<TSTree, syntax::TreeEnd>> trees_;
};

}  // namespace exitgate::collect::asked
