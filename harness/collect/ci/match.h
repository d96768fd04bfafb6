// Which uploads a download can find.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

struct Match {
  std::string file;  // of the download
  int line = 0;
  std::string upload_file;
  int upload_line = 0;
};

// Pairs the downloads with the uploads of the same run, a run being a workflow with everything that it calls,
// and sets `uploads` of each download.
std::vector<Match> match_artifacts(Model& model, const Calls& calls);

}  // namespace exitgate::collect::ci
