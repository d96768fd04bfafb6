#include "harness/collect/asked/content.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/path.h"
#include "harness/base/text.h"

namespace exitgate::collect::asked {

namespace {

void append_utf8(std::string& to, std::uint32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c < 0x800) {
    to += static_cast<char>(0xC0U | (c >> 6U));
    to += static_cast<char>(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    to += static_cast<char>(0xE0U | (c >> 12U));
    to += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    to += static_cast<char>(0x80U | (c & 0x3FU));
  } else {
    to += static_cast<char>(0xF0U | (c >> 18U));
    to += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
    to += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    to += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

// Of a text that begins with the byte order mark of UTF-16; surrogates without their other half become U+FFFD.
std::string from_utf16(std::string_view text, bool big) {
  std::string out;
  out.reserve(text.size());
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<std::uint32_t>(big ? (first << 8U) | second : (second << 8U) | first);
  };
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    std::uint32_t c = unit(at);
    if (c >= 0xD800 && c < 0xDC00 && at + 3 < text.size() && unit(at + 2) >= 0xDC00 &&
        unit(at + 2) < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10U) + (unit(at + 2) - 0xDC00);
      at += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    append_utf8(out, c);
  }
  return out;
}

bool has_crlf(std::string_view text) {
  return text.find("\r\n") != std::string_view::npos;
}

std::string without_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    out.append(text.substr(at, end == std::string_view::npos ? end : end - at));
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return out;
}

}  // namespace

bool is_known_binary(std::string_view path) {
  static const std::set<std::string_view> kEndings = {
      "png",    "jpg",     "jpeg",    "gif",   "ico",  "icns",  "bmp",    "tif", "tiff",     "webp", "avif",
      "heic",   "psd",     "ai",      "pdf",   "zip",  "gz",    "tgz",    "xz",  "bz2",      "zst",  "lz4",
      "7z",     "rar",     "tar",     "exe",   "dll",  "so",    "dylib",  "a",   "o",        "obj",  "lib",
      "jar",    "war",     "ear",     "class", "woff", "woff2", "ttf",    "otf", "eot",      "mp3",  "mp4",
      "wav",    "ogg",     "flac",    "mov",   "avi",  "mkv",   "webm",   "pyc", "pyd",      "whl",  "db",
      "sqlite", "sqlite3", "parquet", "npy",   "npz",  "pkl",   "pickle", "h5",  "wasm",     "bin",  "dat",
      "doc",    "docx",    "xls",     "xlsx",  "ppt",  "pptx",  "odt",    "ods", "keystore", "jks",  "p12",
      "pfx",    "der",     "node",    "pb",    "mo",   "swf"};
  const auto name = name_of(path);
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && kEndings.count(lower(name.substr(dot + 1))) != 0;
}

Content::Content(std::string_view path, std::string_view mode, std::optional<std::string> content,
                 std::size_t size, std::string unread)
    : path_(path), mode_(mode), content_(std::move(content)), size_(size), unread_(std::move(unread)) {
  classify();
}

void Content::classify() {
  if (mode_ == "120000") {
    what_ = "symbolic link";
  } else if (mode_ == "160000") {
    what_ = "submodule";
  } else if (is_known_binary(path_)) {
    what_ = "binary file";
  }
  if (!what_.empty()) {
    if (unread_.empty()) unread_ = fmt::format("a {} is not searched", what_);
    return;
  }
  if (!content_) return;
  text_ = *content_;
  if (text_.starts_with("version https://git-lfs.github.com/spec/")) {
    what_ = "pointer of Git LFS";
    unread_ = "its content is not in the repository: it is a pointer of Git LFS";
    return;
  }
  if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
    normalized_ = from_utf16(text_, text_.front() == '\xFE');
    text_ = normalized_;
  } else if (text_.starts_with("\xEF\xBB\xBF")) {
    text_.remove_prefix(3);
  }
  if (text_.substr(0, 8000).find('\0') != std::string_view::npos) {
    what_ = "binary file";
    unread_ = "not searched: it has NUL bytes, as binary files have";
    return;
  }
  if (const auto at = invalid_utf8(text_)) {
    unread_ =
        fmt::format("not searched: its line {} is not valid UTF-8",
                    std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(*at), '\n') + 1);
    return;
  }
  if (has_crlf(text_)) {
    normalized_ = without_crlf(text_);
    text_ = normalized_;
  }
}

std::optional<std::int64_t> Content::size() const {
  if (said_size_) return said_size_;
  if (!is_blob() || (!content_ && size_ == 0)) return std::nullopt;
  return static_cast<std::int64_t>(content_ ? content_->size() : size_);
}

std::int64_t Content::line_of(std::size_t offset) {
  if (lines_.empty()) {
    lines_.push_back(0);
    for (std::size_t at = text_.find('\n'); at != std::string_view::npos; at = text_.find('\n', at + 1))
      lines_.push_back(at + 1);
  }
  return std::upper_bound(lines_.begin(), lines_.end(), offset) - lines_.begin();
}

std::int64_t Content::position_of(std::size_t offset) {
  return static_cast<std::int64_t>(offset - lines_[static_cast<std::size_t>(line_of(offset) - 1)] + 1);
}

std::string_view Content::line_at(std::size_t offset) const {
  const std::size_t before = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return text_.substr(start, text_.find('\n', offset) - start);
}

const TSTree* Content::tree(const syntax::Language& language) {
  const auto known = trees_.find(&language);
  if (known != trees_.end()) return known->second.get();
  return trees_.emplace(&language, syntax::parse_source(text_, language)).first->second.get();
}

}  // namespace exitgate::collect::asked
