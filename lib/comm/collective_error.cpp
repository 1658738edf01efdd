#include "comm/collective_error.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace orrery {

namespace {

struct Head {
  int rank;
  ExitCode code;
  std::size_t letters;
  bool has_facts;
  FailureFacts facts;
};

std::string words_of(const RankFailure& failure) {
  return failure.facts ? with_names(failure.message, *failure.facts) : failure.message;
}

}  // namespace

void pack(const RankFailure& failure, std::vector<std::byte>& bytes) {
  const Head head{failure.rank, failure.code, failure.message.size(), failure.facts.has_value(),
                  failure.facts.value_or(FailureFacts{})};
  for (const auto part : {std::as_bytes(std::span(&head, 1)), std::as_bytes(std::span(failure.message))})
    bytes.insert(bytes.end(), part.begin(), part.end());
}

std::vector<RankFailure> unpacked_failures(std::span<const std::byte> bytes) {
  std::vector<RankFailure> failures;
  while (!bytes.empty()) {
    Head head{};
    std::memcpy(&head, bytes.data(), sizeof head);
    bytes = bytes.subspan(sizeof head);
    std::string message(head.letters, ' ');
    std::memcpy(message.data(), bytes.data(), head.letters);
    bytes = bytes.subspan(head.letters);
    failures.push_back({head.rank, head.code, std::move(message),
                        head.has_facts ? std::optional(head.facts) : std::nullopt});
  }
  std::sort(failures.begin(), failures.end(), [](const auto& a, const auto& b) { return a.rank < b.rank; });
  return failures;
}

std::string summary_of(const std::vector<RankFailure>& failures, int rank_count) {
  std::string first = words_of(failures.front());
  if (rank_count == 1) return first;
  // What a person wrote on the command line or in a file concerns no rank in particular.
  const ExitCode code = failures.front().code;
  if (failures.size() == 1 && (code == ExitCode::usage || code == ExitCode::configuration)) return first;
  if (failures.size() == 1) {
    return "rank " + std::to_string(failures.front().rank) + " of " + std::to_string(rank_count) + ": " +
           first;
  }
  const bool all_say_the_same =
      std::all_of(failures.begin(), failures.end(), [&](const auto& f) { return words_of(f) == first; });
  if (all_say_the_same && failures.size() == static_cast<std::size_t>(rank_count)) {
    return "all " + std::to_string(rank_count) + " ranks: " + first;
  }
  std::string summary =
      std::to_string(failures.size()) + " of " + std::to_string(rank_count) + " ranks failed";
  for (const auto& failure : failures)
    summary += "\n  rank " + std::to_string(failure.rank) + ": " + words_of(failure);
  return summary;
}

CollectiveError::CollectiveError(std::vector<RankFailure> failures, int rank_count)
    : Error(failures.front().code, summary_of(failures, rank_count)), failures_(std::move(failures)) {}

}  // namespace orrery
