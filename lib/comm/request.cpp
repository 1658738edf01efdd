#include "comm/request.hpp"

#include <exception>

#include "comm/mpi_error.hpp"
#include "comm/polite_wait.hpp"

namespace orrery {
namespace {

bool is_unwinding() {
  return std::uncaught_exceptions() > 0;
}

/// Sends that are not waited for any more.
struct PutAside {
  std::vector<MPI_Request> requests;
  BufferOwner owner;
};

/// Never destroyed: at the end of the program MPI may still read from the memory of some.
std::vector<PutAside>& all_put_aside() {
  static auto* const all = new std::vector<PutAside>;
  return *all;
}

void put_aside(std::vector<MPI_Request> requests, BufferOwner owner) noexcept {
  sends_put_aside();
  // Without memory for this, the program ends here rather than free what MPI reads.
  all_put_aside().push_back({std::move(requests), std::move(owner)});
}

/// Calls a receive off, or waits for what of it has come already.
void cancel_all(std::vector<MPI_Request>& requests) {
  for (auto& request : requests) {
    if (request != MPI_REQUEST_NULL) MPI_Cancel(&request);
  }
}

}  // namespace

std::size_t sends_put_aside() {
  auto& all = all_put_aside();
  std::erase_if(all, [](PutAside& send) {
    int done = 0;
    // Nothing can be reported from here; the next collective call meets the same trouble.
    MPI_Testall(static_cast<int>(send.requests.size()), send.requests.data(), &done, MPI_STATUSES_IGNORE);
    if (done == 0) return false;
    for (auto& request : send.requests) {
      if (request != MPI_REQUEST_NULL) MPI_Request_free(&request);  // of a repeated message
    }
    return true;
  });
  return all.size();
}

Request::~Request() {
  if (requests_.empty()) return;
  if (is_unwinding() && !is_receive_) {
    put_aside(std::move(requests_), std::move(owner_));
    return;
  }
  if (is_unwinding()) cancel_all(requests_);
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
}

Request& Request::operator=(Request&& other) noexcept {
  std::swap(requests_, other.requests_);
  std::swap(owner_, other.owner_);
  std::swap(is_receive_, other.is_receive_);
  return *this;
}

bool Request::done() {
  if (requests_.empty()) return true;
  int all_done = 0;
  check_mpi(MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &all_done, MPI_STATUSES_IGNORE),
            "MPI_Testall");
  if (all_done == 0) return false;
  requests_.clear();
  owner_.reset();
  return true;
}

void Request::wait() {
  wait_politely([this] { return done(); });
}

RepeatedMessage::~RepeatedMessage() {
  if (is_under_way_ && is_unwinding() && !is_receive_) {
    put_aside(std::move(requests_), std::move(owner_));
    return;
  }
  if (is_under_way_) {
    if (is_unwinding()) cancel_all(requests_);
    MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
  }
  for (auto& request : requests_) MPI_Request_free(&request);
}

RepeatedMessage& RepeatedMessage::operator=(RepeatedMessage&& other) noexcept {
  std::swap(requests_, other.requests_);
  std::swap(owner_, other.owner_);
  std::swap(is_receive_, other.is_receive_);
  std::swap(is_under_way_, other.is_under_way_);
  return *this;
}

void RepeatedMessage::start() {
  // One after the other: parts of a long message have one tag, and MPI_Startall may start them in any order.
  for (auto& request : requests_) {
    check_mpi(MPI_Start(&request), "MPI_Start");
    is_under_way_ = true;
  }
}

void RepeatedMessage::cancel() {
  if (!is_under_way_) return;
  cancel_all(requests_);
  wait();
}

bool RepeatedMessage::done() {
  if (!is_under_way_) return true;
  int all_done = 0;
  check_mpi(MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &all_done, MPI_STATUSES_IGNORE),
            "MPI_Testall");
  is_under_way_ = all_done == 0;
  return !is_under_way_;
}

void RepeatedMessage::wait() {
  wait_politely([this] { return done(); });
}

}  // namespace orrery
