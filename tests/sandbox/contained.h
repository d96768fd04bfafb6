// A throwaway server and commands of a target in their sandbox.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/database/provision.h"
#include "outside.h"

namespace exitgate::sandbox {

class Contained {
 public:
  explicit Contained(const config::Limits& limits = {}) {
    outside();  // before the sandbox looks at HOME and PATH
    declared_.limits = limits;
    cluster_ = std::make_unique<database::Cluster>(database::find_server_programs(), limits);
    provisioning_ = std::make_unique<database::Provisioning>(
        *cluster_, declared_, cluster_->folder_for("tree"), [this](std::string_view text) { log_ += text; });
    EXPECT_FALSE(provisioning_->prepare());
  }

  database::StepResult run(const std::string& script,
                           std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    config::Step step;
    step.run = script;
    log_.clear();
    return provisioning_->ask(step, limit).step;
  }
  // The command itself and what it said.
  const std::string& log() const { return log_; }
  // What it said alone.
  std::string output() const {
    const std::size_t from = log_.rfind("\n[BEGIN]\n");
    return from == std::string::npos ? log_ : log_.substr(from);
  }
  std::filesystem::path tree() const { return cluster_->folder_for("tree"); }
  database::Cluster& cluster() { return *cluster_; }

 private:
  std::string log_;
  config::Database declared_;
  std::unique_ptr<database::Cluster> cluster_;
  std::unique_ptr<database::Provisioning> provisioning_;
};

}  // namespace exitgate::sandbox
