#include "harness/collect/ci/gitlab/steps.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "harness/collect/ci/gitlab/job.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

const yaml::Node kNothing;

class StepsReader {
 public:
  StepsReader(const yaml::Node& node, const yaml::Node& root, const StepContext& context, Job& job)
      : node_(node), root_(root), context_(context), job_(job) {}

  void read() {
    add_downloads();
    const yaml::Node* script = node_.find("script");
    if (script != nullptr) {
      const yaml::Node* before = inherited(node_, root_, "before_script");
      add("script", *script).run = (before == nullptr ? "" : lines_of(*before) + "\n") + lines_of(*script);
    }
    if (node_.find("trigger") != nullptr) return;
    if (const yaml::Node* after = inherited(node_, root_, "after_script"))
      add("after_script", *after).run = lines_of(*after);
    add_uploads();
  }

 private:
  // Where it is written in another file than the job, it still is the job's.
  int line_of(const yaml::Node& at) const { return context_.in_file_of_job(at) ? at.line : job_.line; }

  Step& add(std::string name, const yaml::Node& at) { return add(std::move(name), line_of(at)); }
  Step& add(std::string name, int line) {
    Step& step = job_.steps.emplace_back();
    step.position = static_cast<int>(job_.steps.size()) - 1;
    step.line = line;
    step.uses_line = line;
    step.name = std::move(name);
    step.node = &kNothing;
    step.runs = job_.runs;
    return step;
  }

  void add_uploads() {
    const yaml::Node* artifacts = inherited(node_, root_, "artifacts");
    if (artifacts == nullptr || !artifacts->is_mapping()) return;
    const auto when = text_of(artifacts->find("when"));
    const yaml::Node* reports = artifacts->find("reports");
    const bool has_reports = reports != nullptr && !reports->entries.empty();
    // Reports are uploaded whatever becomes of the job; `when:` is about the paths.
    const bool apart = has_reports && when != "always";
    const bool has_paths = artifacts->find("paths") != nullptr || artifacts->find("untracked") != nullptr;
    if (!apart || has_paths)
      add_upload(*artifacts, line_of(*artifacts), when, apart ? Taken::paths : Taken::all);
    if (apart) add_upload(*artifacts, line_of(has_paths ? *reports : *artifacts), "always", Taken::reports);
  }

  void add_upload(const yaml::Node& artifacts, int line, std::optional<std::string> when, Taken taken) {
    Step& step = add("artifacts", line);
    step.condition = std::move(when);
    if (step.condition == "on_failure") step.runs = std::min(step.runs, Runs::failure);
    step.artifact = std::make_shared<Artifact>(upload_of(artifacts, job_.id, taken));
    step.artifact->collides = false;
  }

  Step& add_download(std::string name, int line, const std::string& from) {
    Step& step = add(std::move(name), line);
    step.artifact = std::make_shared<Artifact>();
    step.artifact->direction = facts::ci::Direction::download;
    step.artifact->reference = {"needs", std::nullopt, facts::ci::Pin::none};
    if (!from.empty()) {
      step.artifact->name = from;
      step.artifact->name_pattern = from;
    }
    return step;
  }

  void add_downloads() {
    const yaml::Node* needs = node_.find("needs");
    const yaml::Node* dependencies = node_.find("dependencies");
    if (needs != nullptr && needs->is_null()) needs = nullptr;
    if (dependencies != nullptr && dependencies->is_null()) dependencies = nullptr;
    if (needs != nullptr) {
      if (needs->is_mapping()) {
        add_need(*needs, dependencies != nullptr);
      } else {
        for (const auto& item : needs->items) add_need(item, dependencies != nullptr);
      }
    }
    if (dependencies != nullptr) {
      for (const auto& item : dependencies->items) {
        const auto from = text_of(&item);
        if (from) add_download("needs", line_of(item), *from).artifact->uploads = uploads(*from) ? 1 : 0;
      }
    }
    if (needs == nullptr && dependencies == nullptr && node_.find("trigger") == nullptr)
      add_default_download();
  }

  void add_need(const yaml::Node& item, bool has_dependencies) {
    const auto from = item.is_mapping() ? text_of(item.find("job")) : text_of(&item);
    const yaml::Node* wanted = item.find("artifacts");
    const bool takes = wanted == nullptr || boolean_of(*wanted).value_or(true);
    if (item.find("project") != nullptr || item.find("pipeline") != nullptr) {
      // Of another pipeline: it is not waited for, but its artifacts are taken over.
      if (from && takes) add_download("needs", line_of(item), *from).artifact->other_run = true;
      return;
    }
    if (!from) return;
    job_.needs.push_back(*from);
    if (takes && uploads(*from) && !has_dependencies)
      add_download("needs", line_of(item), *from).artifact->uploads = 1;
  }

  // Without `needs:` and `dependencies:`, the artifacts of all jobs of earlier stages.
  void add_default_download() {
    const std::size_t stage = stage_of(node_, root_);
    const auto count = std::count_if(context_.jobs.begin(), context_.jobs.end(), [&](const Uploader& other) {
      return other.stage < stage && hands_on(inherited(*other.job, root_, "artifacts"));
    });
    if (count > 0) add_download("dependencies", job_.line, "").artifact->uploads = count;
  }

  // Of reports only the variables are handed on to other jobs.
  static bool hands_on(const yaml::Node* artifacts) {
    if (artifacts == nullptr || !artifacts->is_mapping()) return false;
    const yaml::Node* reports = artifacts->find("reports");
    return reports == nullptr || reports->find("dotenv") != nullptr || artifacts->find("paths") != nullptr ||
           artifacts->find("untracked") != nullptr;
  }

  bool uploads(const std::string& job) const {
    return std::any_of(context_.jobs.begin(), context_.jobs.end(), [&](const Uploader& other) {
      return other.id == job && hands_on(inherited(*other.job, root_, "artifacts"));
    });
  }

  const yaml::Node& node_;
  const yaml::Node& root_;
  const StepContext& context_;
  Job& job_;
};

}  // namespace

void add_steps(const yaml::Node& node, const yaml::Node& root, const StepContext& context, Job& job) {
  StepsReader(node, root, context, job).read();
}

}  // namespace exitgate::collect::ci::gitlab
