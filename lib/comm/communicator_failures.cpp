// How ranks learn that one of them failed.
#include "comm/communicator.hpp"
#include "comm/mpi_error.hpp"
#include "comm/polite_wait.hpp"
#include "core/out_of_memory.hpp"

namespace orrery {

RankFailure Communicator::failure_here(const std::exception& error) const {
  if (const auto* const factual = dynamic_cast<const FactualError*>(&error))
    return {rank_, factual->code(), factual->words(), factual->facts()};
  return {rank_, exit_code_of(error), message_of(error)};
}

/// Whether some rank says so. Collective. While ranks wait for each other here, they pass alarms on: a rank
/// that hears of one only through this one may be waiting for a message.
bool Communicator::failed_anywhere(bool failed_here) const {
  int failed = failed_here ? 1 : 0;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, handle_, &request), "MPI_Iallreduce");
  wait_politely([&] {
    int done = 0;
    check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    if (done == 0 && !has_raised_alarm_ && is_alarmed()) raise_alarm();
    return done != 0;
  });
  return failed != 0;
}

/// What went wrong on all ranks, in their order. Collective; the same everywhere. Ranks hand on in pairs, and
/// pairs of pairs, what they know, so that none gets more than log2(size) messages.
std::vector<RankFailure> Communicator::all_failures(const std::optional<RankFailure>& failure) const {
  std::vector<std::byte> known;
  if (failure) pack(*failure, known);
  for (int step = 1; step < size_; step *= 2) {
    if ((rank_ & step) != 0) {
      start_message(std::move(known), rank_ - step, Tag::failures).wait();
      known = {};
      break;
    }
    if (rank_ + step >= size_) continue;
    const std::vector<std::byte> more = receive_message(rank_ + step, Tag::failures);
    known.insert(known.end(), more.begin(), more.end());
  }
  push(known);
  return unpacked_failures(known);
}

void Communicator::agree(const std::optional<RankFailure>& failure) const {
  if (!failed_anywhere(failure.has_value())) return;
  raise_alarm();
  take_alarms();
  auto failures = all_failures(failure);
  sends_put_aside();
  throw CollectiveError(std::move(failures), size_);
}

// An alarm goes from each rank to those that are 1, 2, 4, 8 ... ranks on: log2(size) messages from each, and
// as many hops to the last. Every rank raises it once, be it that it failed, heard of it, or agreed on it.

void Communicator::raise_alarm() const {
  if (std::exchange(has_raised_alarm_, true)) return;
  static const std::byte alarm{1};  // outlives every message
  for (int step = 1; step < size_; step *= 2) {
    MPI_Request request = MPI_REQUEST_NULL;
    const int to = static_cast<int>((std::int64_t{rank_} + step) % size_);
    check_mpi(MPI_Isend(&alarm, 1, MPI_BYTE, to, static_cast<int>(Tag::alarm), handle_, &request),
              "MPI_Isend");
    check_mpi(MPI_Request_free(&request), "MPI_Request_free");
  }
}

void Communicator::take_alarms() const {
  for (int step = 1; step < size_; step *= 2) {
    std::byte alarm{};
    const int from = (rank_ - step + size_) % size_;
    check_mpi(MPI_Recv(&alarm, 1, MPI_BYTE, from, static_cast<int>(Tag::alarm), handle_, MPI_STATUS_IGNORE),
              "MPI_Recv");
  }
  has_raised_alarm_ = false;
}

bool Communicator::is_alarmed() const {
  int raised = 0;
  check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, static_cast<int>(Tag::alarm), handle_, &raised, MPI_STATUS_IGNORE),
            "MPI_Iprobe");
  return raised != 0;
}

void Communicator::check_alarm() const {
  if (!is_alarmed()) return;
  raise_alarm();
  throw Interrupted();
}

}  // namespace orrery
