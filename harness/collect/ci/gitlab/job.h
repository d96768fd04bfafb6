// What the keys of a GitLab job say, by themselves and with `default:` and the top.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/artifact.h"
#include "harness/collect/ci/model.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// Whether a key at the top of a configuration is a job that can be seen.
bool is_job(const yaml::Entry& entry);

// A script as its lines, also where it is a list of lists.
std::string lines_of(const yaml::Node& node);

// `key` of the job, else of `default:`, else of the top; nullptr: nothing says it.
const yaml::Node* inherited(const yaml::Node& job, const yaml::Node& root, std::string_view key);

// The job with what it takes over of `default:` and of the top.
yaml::Node with_inherited(const yaml::Node& job, const yaml::Node& root);

// The job's place in the order of `stages:`.
std::size_t stage_of(const yaml::Node& job, const yaml::Node& root);

// `line_of`: the line of an item in the job's file.
std::vector<Service> services_of(const yaml::Node& job, const yaml::Node& root,
                                 const std::function<int(const yaml::Node&)>& line_of);

// What `artifacts:` of a job keeps, or a part of it.
enum class Taken { all, paths, reports };
Artifact upload_of(const yaml::Node& artifacts, const std::string& job, Taken taken);

}  // namespace exitgate::collect::ci::gitlab
