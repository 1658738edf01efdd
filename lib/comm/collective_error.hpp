/// A failure that all ranks know of.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/failure_facts.hpp"

namespace orrery {

/// What went wrong on one rank.
struct RankFailure {
  int rank = 0;
  ExitCode code = ExitCode::internal;
  std::string message;                  ///< where there are facts, with `particle_slots` until ids are known
  std::optional<FailureFacts> facts{};  ///< of a `FactualError`

  bool operator==(const RankFailure&) const = default;
};

/// Thrown on every rank of a communicator when work that all of them took part in failed on at least one. All
/// ranks can end in order; none waits for another. The code is that of the lowest failing rank.
class CollectiveError : public Error {
public:
  /// @pre failures is not empty, in ascending order of rank
  CollectiveError(std::vector<RankFailure> failures, int rank_count);

  const std::vector<RankFailure>& failures() const { return failures_; }

private:
  std::vector<RankFailure> failures_;
};

/// One summary for people: a single line when one rank failed or all say the same, else a line for each
/// failing rank.
std::string summary_of(const std::vector<RankFailure>& failures, int rank_count);

/// Appends a failure to some bytes that travel between ranks.
void pack(const RankFailure& failure, std::vector<std::byte>& bytes);
/// The failures that were packed, in order of rank.
std::vector<RankFailure> unpacked_failures(std::span<const std::byte> bytes);

}  // namespace orrery
