#include "harness/collect/ci/gitlab/provider.h"

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "harness/collect/ci/gitlab/pipeline.h"
#include "harness/collect/ci/gitlab/record.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/gitlab/run_expansion.h"
#include "harness/collect/ci/gitlab/tree.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostChildren = 100;

class Gitlab : public Provider {
 public:
  const facts::ci::Provider& record() const override { return gitlab::record(); }

  Claim claim(std::string_view path) const override {
    return path == kConfiguration ? Claim::configuration : Claim::none;
  }

  void complete(const Source& source, Model& model, CallChains& chains) const override {
    Pipelines pipelines{source, model, chains, {}, {}};
    std::deque<Child> open;
    const auto add = [&](Tree tree, const Child* parent) {
      for (Child& next : add_pipeline(pipelines, std::move(tree), parent)) open.push_back(std::move(next));
    };
    add(read_tree(std::string(kConfiguration), source, kMergeRequest), nullptr);
    std::map<std::string, Runs> known;  // by what they are made of
    for (std::size_t number = 0; !open.empty() && number < kMostChildren; ++number) {
      const Child child = std::move(open.front());
      open.pop_front();
      // A second trigger of the same pipeline shows nothing new, unless the pipeline is more sure to run.
      const auto [at, is_new] = known.try_emplace(child.given, child.runs);
      if (!is_new && at->second >= child.runs) continue;
      at->second = child.runs;
      add(read_child(*child.include, source, kParentPipeline), &child);
    }
    expand_run(pipelines.runs, model);
  }
};

}  // namespace

const Provider& provider() {
  static const Gitlab gitlab;
  return gitlab;
}

}  // namespace exitgate::collect::ci::gitlab
