#include "harness/collect/code/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <set>
#include <thread>

#include "harness/base/build_id.h"
#include "harness/base/error.h"
#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/base/work_queue.h"
#include "harness/collect/code/commit_files.h"
#include "harness/collect/code/extract.h"
#include "harness/collect/code/file_facts_io.h"
#include "harness/collect/code/frameworks.h"
#include "harness/collect/code/language.h"
#include "harness/collect/code/mentions.h"
#include "harness/collect/code/module_imports.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/own_functions.h"
#include "harness/collect/code/pytest_settings.h"
#include "harness/collect/code/runner_settings.h"
#include "harness/collect/code/schema_libraries.h"
#include "harness/collect/kept/kept_facts.h"
#include "harness/facts/store.h"
#include "harness/git/batch.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::code {

namespace {

// Generated tables and recorded logs: larger texts are not searched for mentions, larger Python files are a problem.
constexpr std::size_t kTextLimit = 1U << 20U;
constexpr std::size_t kPythonLimit = 4U << 20U;
// Of contents that wait for a thread, so that the size of a repository does not decide how much memory is taken.
constexpr std::size_t kQueueLimit = 32U << 20U;

// Words without which a Python file has nothing but mentions for us.
const std::vector<std::string>& trigger_words() {
  static const std::vector<std::string> words = {
      "fixture",         "pytest_",           "environ",         "getenv",           "BaseSettings",
      "decouple",        "environs",          "dj_database_url", "starlette.config", "tortoise",
      "peewee",          "playhouse",         "CreateTable",     "DropTable",        "__table__",
      "metadata.tables", "MIGRATION_MODULES", "MIGRATE",         "run_syncdb",       "run-syncdb",
      "Table(",          "load_dotenv",       "dotenv_values",   "read_dotenv",      "read_env",
      "setenv",          "dynaconf",          "setUpModule",     "tearDownModule",   "setUpClass",
      "tearDownClass",   "startTestRun",      "stopTestRun",     "DiscoverRunner",   "before_all",
      "after_all"};
  return words;
}

// "environment" in a sentence is not os.environ, and "pytest_report" is not a hook.
bool is_trigger(std::string_view word, std::string_view text, std::size_t offset) {
  if (text.substr(offset, word.size()) != word) return false;
  std::size_t end = offset + word.size();
  const auto in_word = [&text](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
  };
  if (word == "pytest_") {
    while (in_word(end)) ++end;
    return is_pytest_hook(text.substr(offset, end - offset));
  }
  if (word != "fixture" && end < text.size() && text[end] == 'b') ++end;  // environb, getenvb
  return word.back() == '(' || !in_word(end);
}

// A WSGI application's `environ` and a test's `fixture` are names like any other, unless something imports them.
bool may_be_own_name(std::string_view word, std::string_view text, std::size_t offset) {
  if (word != "environ" && word != "fixture") return false;
  return offset == 0 || (text[offset - 1] != '.' && text[offset - 1] != '@');
}

// Whether names that stand alone may be imported: by a statement on the line of one of them, or by one that goes over lines.
bool may_import(std::string_view text, const std::vector<std::uint32_t>& names) {
  for (const std::string_view statement : {"os import", "pytest import", "pytest_asyncio import"}) {
    if (text.find(statement) != std::string_view::npos) return true;
  }
  return std::any_of(names.begin(), names.end(), [text](std::uint32_t name) {
    const std::size_t before = text.rfind('\n', name);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    return text.substr(begin, text.find('\n', name) - begin).find("import") != std::string_view::npos;
  });
}

bool is_python(std::string_view path, std::string_view content) {
  for (const std::string_view end : {".py", ".pyw"}) {
    if (path.size() > end.size() && path.substr(path.size() - end.size()) == end) return true;
  }
  if (name_of(path).find('.') != std::string_view::npos) return false;
  const std::string_view first = content.substr(0, std::min(content.find('\n'), std::size_t{100}));
  return first.rfind("#!", 0) == 0 && first.find("python") != std::string_view::npos;
}

// As git decides it: a NUL among the first 8,000 bytes.
bool is_binary(std::string_view content) {
  return content.substr(0, 8000).find('\0') != std::string_view::npos;
}

// By their ending alone, so that they are not even read.
bool is_known_binary(std::string_view path) {
  static const std::set<std::string_view> kEndings = {
      "png", "jpg", "jpeg", "gif", "ico", "pdf",  "zip",   "gz",  "tgz",   "xz",
      "bz2", "zst", "7z",   "exe", "dll", "so",   "dylib", "jar", "woff",  "woff2",
      "ttf", "eot", "mp3",  "mp4", "mov", "webp", "pyc",   "db",  "sqlite"};
  const std::size_t dot = path.rfind('.');
  return dot != std::string_view::npos && kEndings.count(lower(path.substr(dot + 1))) != 0;
}

class Examiner {
 public:
  Examiner() : search_(words()) {}

  // `files`: what the commit's files give variables, as far as it is known.
  FileFacts examine(std::string_view path, std::string_view content, const FileValues& files) const {
    FileFacts facts = read(path, content, files);
    facts.references = files.references();
    return facts;
  }

 private:
  FileFacts read(std::string_view path, std::string_view content, const FileValues& files) const {
    FileFacts facts;
    const bool python = is_python(path, content);
    if (python) facts.language = "python";
    if (!python && (is_binary(content) || content.size() > kTextLimit)) return facts;

    std::vector<Place> places;
    std::vector<std::uint32_t> triggers;
    std::vector<std::uint32_t> alone;
    search_.each(content, [&](std::size_t word, std::size_t offset) {
      if (word < terms().size()) {
        if (counts(terms()[word], content, offset)) places.push_back({word, offset});
        if (word > 1 || !counts(terms()[word], content, offset)) return;  // the first two are facts as well
      } else if (!python || !is_trigger(trigger_words()[word - terms().size()], content, offset)) {
        return;
      }
      const bool own =
          word >= terms().size() && may_be_own_name(trigger_words()[word - terms().size()], content, offset);
      (own ? alone : triggers).push_back(static_cast<std::uint32_t>(offset));
    });
    if (!alone.empty() && may_import(content, alone)) {
      triggers.insert(triggers.end(), alone.begin(), alone.end());
      std::sort(triggers.begin(), triggers.end());
    }
    examine_by_records(path, content, facts);
    if (!python) {
      facts.mentions = text_mentions(path, content, places);
      find_pytest_settings(path, content, files, facts);
      find_runner_settings(path, content, files, facts);
      examine_other_language(path, content, facts);
      return facts;
    }
    const bool nox = is_noxfile(path);
    if (places.empty() && triggers.empty() && !is_conftest(path) && !nox) {
      facts.imports = scan_imports(content);
      return facts;
    }
    const auto tree = syntax::Tree::parse(content);
    if (!tree) {
      facts.problems.push_back("not read: parsing it takes more than 5 s, or it is nested too deeply");
      return facts;
    }
    facts.parsed = true;
    facts.mentions = python_mentions(*tree, places);
    if (triggers.empty() && !nox && !is_conftest(path)) {
      facts.imports = scan_imports(content);
      return facts;
    }
    static const Language& record = *language_of("any.py");
    record.find({path, *tree, files}, facts);
    // An error matters where it may have spoiled something that could be a fact.
    for (const syntax::Id error : tree->errors()) {
      const auto& node = (*tree)[tree->around(error)];
      const auto first = std::lower_bound(triggers.begin(), triggers.end(), node.start);
      if (first == triggers.end() || *first >= node.end) continue;
      facts.problems.push_back(
          fmt::format("line {}: does not parse as Python, and facts may be hidden in it", node.line));
      break;
    }
    return facts;
  }

  static std::vector<std::string> words() {
    std::vector<std::string> all;
    for (const auto& term : terms()) all.emplace_back(term.name);
    all.insert(all.end(), trigger_words().begin(), trigger_words().end());
    return all;
  }
  TermSearch search_;
};

struct Job {
  std::size_t index;
  std::string content;
};

void examine(const Examiner& examiner, const git::TreeEntry& file, const Job& job, KeptFacts& kept,
             FileFacts& result) {
  try {
    result = examiner.examine(file.path, job.content, {});
    if (kept.keeps()) kept.keep(file.oid, file.path, to_bytes(result));
  } catch (const std::exception& failure) {
    result.language =
        is_python(file.path, job.content) ? std::string_view("python") : other_language_of(file.path);
    result.problems.push_back(fmt::format("not read: {}", failure.what()));
  }
}

// What is known of the files from an earlier run; returns which ones it is not.
std::vector<std::size_t> take_kept(const KeptFacts& kept, const std::vector<const git::TreeEntry*>& files,
                                   std::vector<FileFacts>& results) {
  std::vector<KeptFacts::Place> places;
  places.reserve(files.size());
  for (const auto* entry : files) places.push_back({entry->oid, entry->path});
  const auto all = kept.find(places);
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto facts = all[i] ? from_bytes(*all[i]) : std::nullopt;
    if (facts) {
      results[i] = std::move(*facts);
    } else {
      left.push_back(i);
    }
  }
  return left;
}

// Files are examined on threads of their own while git still delivers the next ones.
std::vector<FileFacts> examine_all(const Checkout& checkout, const Examiner& examiner,
                                   const std::vector<const git::TreeEntry*>& files) {
  KeptFacts kept(checkout.cache, "code", build_id());
  std::vector<FileFacts> results(files.size());
  const auto left = take_kept(kept, files, results);
  if (checkout.say && left.size() < files.size()) {
    checkout.say(
        fmt::format("code: {} of {} files were read before by this build; what was found then is taken",
                    files.size() - left.size(), files.size()));
  }
  std::vector<std::string> oids;
  oids.reserve(left.size());
  for (const std::size_t index : left) oids.push_back(files[index]->oid);
  WorkQueue<Job> queue(kQueueLimit);
  ThreadGroup threads;
  try {
    for (unsigned more = std::clamp(std::thread::hardware_concurrency(), 1U, 4U); more > 0; --more) {
      threads.start([&] {
        while (const auto job = queue.pop())
          examine(examiner, *files[job->index], *job, kept, results[job->index]);
      });
    }
    git::read_blobs(checkout.repository, oids, kPythonLimit, [&](std::size_t number, git::Blob blob) {
      const std::size_t index = left[number];
      const auto& path = files[index]->path;
      if (blob.content) {
        const std::size_t size = blob.content->size();
        queue.push({index, std::move(*blob.content)}, size);
        return;
      }
      const bool python = is_python(path, "");
      if (python) results[index].language = "python";
      if (blob.missing) {
        if (!python) results[index].language = other_language_of(path);
        results[index].problems.push_back(fmt::format("its blob {} is missing from the clone", oids[number]));
      } else if (python) {
        results[index].problems.push_back(
            fmt::format("not read: {} bytes, more than the {} that are parsed", blob.size, kPythonLimit));
      }
    });
  } catch (...) {
    queue.cancel();
    throw;
  }
  queue.close();
  threads.join();
  kept.save();
  return results;
}

// Files whose code loads others are examined again, with what those give.
void examine_with_files(const Checkout& checkout, const Examiner& examiner,
                        const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results) {
  CommitFiles commit(checkout, files);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& path = files[i]->path;
    FileValues known;
    bool any = false;
    for (const auto& reference : results[i].references) {
      auto values = commit.values(reference, path);
      any = any || !values.empty();
      known.set(reference, std::move(values));
    }
    if (!any) continue;
    if (const auto content = commit.read(path)) results[i] = examiner.examine(path, *content, known);
  }
}

void write_tests(facts::Store& store, const std::string& path, const FileFacts& facts) {
  namespace rows = facts::code;
  for (const auto& sign : facts.frameworks) {
    store.insert(
        rows::Framework{.name = sign.framework,
                        .language = sign.language,
                        .file = path,
                        .line = sign.line > 0 ? std::optional<std::int64_t>(sign.line) : std::nullopt,
                        .evidence = sign.evidence});
  }
  if (!facts.test_file) return;
  store.insert(rows::TestFile{.file = path,
                              .language = facts.test_file->language,
                              .framework = facts.test_file->framework.empty()
                                               ? std::nullopt
                                               : std::optional(facts.test_file->framework)});
}

void write(const std::vector<const git::TreeEntry*>& files, const std::vector<FileFacts>& results,
           const std::filesystem::path& out) {
  namespace rows = facts::code;
  facts::Store store(out, "code");
  write_known_frameworks(store);
  {
    const auto redactor = redact::Redactor::from_environment();
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto& path = files[i]->path;
      const auto& facts = results[i];
      if (!facts.language.empty())
        store.insert(rows::File{.file = path, .language = facts.language, .parsed = facts.parsed});
      for (const auto& row : facts.fixtures) {
        store.insert(rows::Fixture{.file = path,
                                   .line = row.line,
                                   .name = row.name,
                                   .function = row.function,
                                   .scope = row.scope,
                                   .framework = row.framework});
      }
      for (const auto& row : facts.hooks) {
        store.insert(rows::Hook{.file = path,
                                .line = row.line,
                                .name = row.name,
                                .framework = row.framework,
                                .moment = row.moment});
      }
      write_tests(store, path, facts);
      for (const auto& row : facts.schema_calls) {
        store.insert(rows::SchemaCall{.file = path,
                                      .line = row.line,
                                      .callee = redactor.redact(row.callee),
                                      .kind = row.kind,
                                      .library = row.library,
                                      .instead = row.instead,
                                      .in_tests = row.command && !is_of_tests(path)
                                                      ? std::nullopt
                                                      : std::optional<bool>(is_of_tests(path))});
      }
      for (const auto& row : facts.environment_reads) {
        std::optional<std::string> condition = row.condition;
        if (condition) condition = redactor.redact(*condition);
        store.insert(rows::EnvironmentRead{.file = path,
                                           .line = row.line,
                                           .variable = row.variable,
                                           .condition = std::move(condition),
                                           .required = row.required,
                                           .imported_by = row.imported_by,
                                           .given_by = row.given_by,
                                           .reader = row.reader,
                                           .sets = row.sets});
      }
      for (const auto& row : facts.mentions) {
        store.insert(rows::Mention{.file = path,
                                   .line = row.line,
                                   .term = row.term,
                                   .context = row.context,
                                   .text = redactor.redact(row.text)});
      }
      std::optional<std::string> language;
      if (!facts.language.empty()) language = facts.language;
      for (const auto& reason : facts.problems)
        store.insert(rows::Problem{.file = path, .language = language, .reason = reason});
    }
  }
  store.close();
}

void collect_all(const Checkout& checkout, const std::filesystem::path& out) {
  std::vector<const git::TreeEntry*> files;
  for (const auto& entry : checkout.tree) {
    if (entry.type != "blob" || entry.mode == "120000" || is_known_binary(entry.path)) continue;
    files.push_back(&entry);
  }
  // Python first: it takes longest, and is examined while git delivers the rest.
  std::stable_partition(files.begin(), files.end(),
                        [](const git::TreeEntry* entry) { return is_python(entry->path, ""); });
  const Examiner examiner;
  auto results = examine_all(checkout, examiner, files);
  examine_with_files(checkout, examiner, files, results);
  leave_out_own_functions(checkout, files, results);
  mark_imported_reads(files, results);
  resolve_frameworks(files, results);
  write(files, results, out);
}

}  // namespace
}  // namespace exitgate::collect::code

namespace exitgate::collect {

void collect_code(const Checkout& checkout, const std::filesystem::path& out) {
  code::collect_all(checkout, out);
}

}  // namespace exitgate::collect
