#include "harness/collect/migrations/tools/liquibase/xml.h"

#include <algorithm>
#include <cctype>

namespace exitgate::collect {

namespace {

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

std::string without_prefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

// Behind the tag that begins at `at`.
std::size_t read_tag(std::string_view text, std::size_t at, XmlTag& tag) {
  tag.start = at++;
  if (at < text.size() && text[at] == '/') {
    tag.closing = true;
    ++at;
  }
  const auto word = [&] {
    const std::size_t start = at;
    while (at < text.size() && !is_blank(text[at]) && text[at] != '>' && text[at] != '/' && text[at] != '=')
      ++at;
    return text.substr(start, at - start);
  };
  tag.name = without_prefix(word());
  while (at < text.size() && text[at] != '>') {
    if (text[at] == '/') tag.empty = true;
    if (is_blank(text[at]) || text[at] == '/' || text[at] == '=') {
      ++at;
      continue;
    }
    const std::string key(word());
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at >= text.size() || text[at] != '=') continue;
    ++at;
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) continue;
    const std::size_t end = std::min(text.find(text[at], at + 1), text.size());
    tag.attributes[key] = xml_text(text.substr(at + 1, end - at - 1));
    tag.empty = false;
    at = std::min(end + 1, text.size());
  }
  tag.end = std::min(at + 1, text.size());
  return tag.end;
}

}  // namespace

std::vector<XmlTag> xml_tags(std::string_view text) {
  std::vector<XmlTag> tags;
  int line = 1;
  std::size_t counted = 0;
  const auto behind = [&](std::string_view mark, std::size_t from) {
    const std::size_t end = text.find(mark, from);
    return end == std::string_view::npos ? text.size() : end + mark.size();
  };
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    if (text.compare(at, 4, "<!--") == 0) {
      at = behind("-->", at);
    } else if (text.compare(at, 9, "<![CDATA[") == 0) {
      at = behind("]]>", at);
    } else if (at + 1 < text.size() && (text[at + 1] == '?' || text[at + 1] == '!')) {
      at = behind(">", at);
    } else if (at + 1 < text.size() &&
               (text[at + 1] == '/' || std::isalpha(static_cast<unsigned char>(text[at + 1])) != 0)) {
      XmlTag tag;
      line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                          text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      counted = at;
      tag.line = line;
      at = read_tag(text, at, tag);
      tags.push_back(std::move(tag));
    } else {
      ++at;
    }
  }
  return tags;
}

std::string xml_text(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 9, "<![CDATA[") == 0) {
      const std::size_t end = std::min(text.find("]]>", at), text.size());
      plain += text.substr(at + 9, end - at - 9);
      at = std::min(end + 3, text.size());
      continue;
    }
    if (text.compare(at, 4, "<!--") == 0) {
      at = std::min(text.find("-->", at), text.size() - 3) + 3;
      continue;
    }
    bool replaced = false;
    for (const auto& [name, value] :
         {std::pair{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}) {
      const std::string_view entity = name;
      if (text.compare(at, entity.size(), entity) != 0) continue;
      plain += value;
      at += entity.size();
      replaced = true;
      break;
    }
    if (!replaced) plain += text[at++];
  }
  return plain;
}

}  // namespace exitgate::collect
