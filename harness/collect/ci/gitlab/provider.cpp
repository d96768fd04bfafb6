#include "harness/collect/ci/gitlab/provider.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "harness/collect/ci/gitlab/pipeline.h"
#include "harness/collect/ci/gitlab/record.h"
#include "harness/collect/ci/gitlab/rules.h"
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
    std::set<std::string> known;  // files that are somewhere already
    std::deque<Child> open = {{std::string(kConfiguration), {}, Runs::yes}};
    for (std::size_t number = 0; !open.empty() && number < kMostChildren; ++number, open.pop_front()) {
      const Child& child = open.front();
      const bool is_child = number != 0;
      if (!known.insert(child.path).second) continue;
      Tree tree = read_tree(child.path, source, is_child ? kParentPipeline : kMergeRequest);
      const bool twice = std::any_of(tree.files.begin() + 1, tree.files.end(),
                                     [&](const std::string& path) { return known.contains(path); });
      if (twice) {
        // A file has its jobs once in the tables.
        Workflow& workflow = model.workflows.emplace_back();
        workflow.path = child.path;
        workflow.provider = kName;
        workflow.problem = "it includes a file that another pipeline includes: its jobs are not read";
        continue;
      }
      known.insert(tree.files.begin(), tree.files.end());
      for (Child& next : add_pipeline(source, model, chains, std::move(tree), is_child ? &child : nullptr)) {
        open.push_back(std::move(next));
      }
    }
  }
};

}  // namespace

const Provider& provider() {
  static const Gitlab gitlab;
  return gitlab;
}

}  // namespace exitgate::collect::ci::gitlab
