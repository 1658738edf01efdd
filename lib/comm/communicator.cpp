#include "comm/communicator.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>

#include "comm/mpi_error.hpp"

namespace orrery {

Request::~Request() {
  if (requests_.empty()) return;
  const bool unwinding = std::uncaught_exceptions() > 0;
  if (unwinding && !is_receive_) return;
  if (unwinding) {
    for (auto& request : requests_) {
      if (request != MPI_REQUEST_NULL) MPI_Cancel(&request);
    }
  }
  // Nothing can be reported from here; the next collective call meets the same trouble.
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
}

Request& Request::operator=(Request&& other) noexcept {
  std::swap(requests_, other.requests_);
  std::swap(data_, other.data_);
  std::swap(is_receive_, other.is_receive_);
  return *this;
}

bool Request::done() {
  if (requests_.empty()) return true;
  int all_done = 0;
  check_mpi(MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &all_done, MPI_STATUSES_IGNORE),
            "MPI_Testall");
  if (all_done != 0) requests_.clear();
  return all_done != 0;
}

void Request::wait() {
  if (requests_.empty()) return;
  check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
            "MPI_Waitall");
  requests_.clear();
}

RepeatedMessage::~RepeatedMessage() {
  const bool unwinding = std::uncaught_exceptions() > 0;
  for (auto& request : requests_) {
    // Nothing can be reported from here.
    if (is_under_way_ && unwinding && is_receive_) MPI_Cancel(&request);
    if (is_under_way_ && (!unwinding || is_receive_)) MPI_Wait(&request, MPI_STATUS_IGNORE);
    MPI_Request_free(&request);
  }
}

RepeatedMessage& RepeatedMessage::operator=(RepeatedMessage&& other) noexcept {
  std::swap(requests_, other.requests_);
  std::swap(is_receive_, other.is_receive_);
  std::swap(is_under_way_, other.is_under_way_);
  return *this;
}

void RepeatedMessage::start() {
  if (requests_.empty()) return;
  check_mpi(MPI_Startall(static_cast<int>(requests_.size()), requests_.data()), "MPI_Startall");
  is_under_way_ = true;
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
  if (!is_under_way_) return;
  check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
            "MPI_Waitall");
  is_under_way_ = false;
}

Communicator::Communicator(MPI_Comm handle) : handle_(handle) {
  check_mpi(MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(handle_, &rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(handle_, &size_), "MPI_Comm_size");
}

Communicator::Communicator(Communicator&& other) noexcept
    : handle_(std::exchange(other.handle_, MPI_COMM_NULL)),
      rank_(other.rank_),
      size_(other.size_),
      message_limit_(other.message_limit_) {}

Communicator::~Communicator() {
  // While an exception unwinds, other ranks may not follow: freeing is collective and could wait for them
  // forever.
  if (handle_ != MPI_COMM_NULL && std::uncaught_exceptions() == 0) MPI_Comm_free(&handle_);
}

Communicator Communicator::world() {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &copy), "MPI_Comm_dup");
  return Communicator(copy);
}

std::optional<Communicator> Communicator::subset(std::span<const int> ranks) const {
  const auto place = std::find(ranks.begin(), ranks.end(), rank_);
  const bool is_member = place != ranks.end();
  MPI_Comm part = MPI_COMM_NULL;
  check_mpi(
      MPI_Comm_split(handle_, is_member ? 0 : MPI_UNDEFINED, static_cast<int>(place - ranks.begin()), &part),
      "MPI_Comm_split");
  if (!is_member) return std::nullopt;
  Communicator subset(part);
  subset.message_limit_ = message_limit_;
  return subset;
}

std::optional<Communicator> Communicator::split(int part) const {
  MPI_Comm handle = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(handle_, part < 0 ? MPI_UNDEFINED : part, rank_, &handle), "MPI_Comm_split");
  if (handle == MPI_COMM_NULL) return std::nullopt;
  Communicator group(handle);
  group.message_limit_ = message_limit_;
  return group;
}

Communicator Communicator::duplicate() const {
  MPI_Comm handle = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(handle_, &handle), "MPI_Comm_dup");
  Communicator copy(handle);
  copy.message_limit_ = message_limit_;
  return copy;
}

Communicator Communicator::same_node() const {
  MPI_Comm part = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(handle_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &part),
            "MPI_Comm_split_type");
  return Communicator(part);
}

void Communicator::push(std::string& text, int root) const {
  std::vector<char> letters(text.begin(), text.end());
  push(letters, root);
  text.assign(letters.begin(), letters.end());
}

std::vector<std::string> Communicator::pull(const std::string& text, int root) const {
  const auto lengths = pull(std::ssize(text), root);
  const auto letters = gather(std::span<const char>(text), root);
  std::vector<std::string> texts;
  std::ptrdiff_t at = 0;
  for (const auto length : lengths) {
    texts.emplace_back(letters.begin() + at, letters.begin() + at + length);
    at += length;
  }
  return texts;
}

RankFailure Communicator::failure_here(const std::exception& error) const {
  const bool out_of_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  return {rank_, exit_code_of(error),
          out_of_memory ? "not enough memory; use more nodes or fewer particles" : error.what()};
}

void Communicator::agree(const std::optional<RankFailure>& failure) const {
  std::int64_t failed = failure ? 1 : 0;
  sum(std::span(&failed, 1));
  if (failed == 0) return;

  struct Head {
    int rank;
    ExitCode code;
    bool failed;
  };
  const auto heads = pull(Head{rank_, failure ? failure->code : ExitCode::success, failure.has_value()});
  const auto messages = pull(failure ? failure->message : std::string());
  // The root knows all; the others hear it from there, so that each can name the whole summary.
  std::vector<Head> all_heads = heads;
  push(all_heads);
  std::vector<RankFailure> failures;
  for (std::size_t index = 0; index < all_heads.size(); ++index) {
    std::string message = is_root() ? messages[index] : std::string();
    push(message);
    if (all_heads[index].failed) failures.push_back({all_heads[index].rank, all_heads[index].code, message});
  }
  for (const auto& failed_rank : failures) {
    if (failed_rank.rank != rank_) take_alarm(failed_rank.rank);
  }
  throw CollectiveError(std::move(failures), size_);
}

void Communicator::raise_alarm() const {
  static const std::byte alarm{1};  // outlives every message
  for (int to = 0; to < size_; ++to) {
    if (to == rank_) continue;
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(MPI_Isend(&alarm, 1, MPI_BYTE, to, static_cast<int>(Tag::alarm), handle_, &request),
              "MPI_Isend");
    check_mpi(MPI_Request_free(&request), "MPI_Request_free");
  }
}

void Communicator::take_alarm(int from) const {
  std::byte alarm{};
  check_mpi(MPI_Recv(&alarm, 1, MPI_BYTE, from, static_cast<int>(Tag::alarm), handle_, MPI_STATUS_IGNORE),
            "MPI_Recv");
}

void Communicator::check_alarm() const {
  int raised = 0;
  check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, static_cast<int>(Tag::alarm), handle_, &raised, MPI_STATUS_IGNORE),
            "MPI_Iprobe");
  if (raised != 0) throw Interrupted();
}

void Communicator::rest() {
  std::this_thread::sleep_for(std::chrono::microseconds(20));
}

void Communicator::sum(std::span<std::int64_t> values) const {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_INT64_T, MPI_SUM,
                          handle_),
            "MPI_Allreduce");
}

std::vector<std::int64_t> Communicator::exchange(std::span<const std::int64_t> to) const {
  std::vector<std::int64_t> from(to.size());
  check_mpi(MPI_Alltoall(to.data(), 1, MPI_INT64_T, from.data(), 1, MPI_INT64_T, handle_), "MPI_Alltoall");
  return from;
}

void Communicator::minimum(std::span<double> values) const {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_MIN,
                          handle_),
            "MPI_Allreduce");
}

void Communicator::maximum(std::span<double> values) const {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_MAX,
                          handle_),
            "MPI_Allreduce");
}

Request Communicator::start_send(std::span<const std::byte> data, int to, Tag tag) const {
  Request request;
  for (std::size_t at = 0; at < data.size(); at += message_limit_) {
    const auto count = static_cast<int>(std::min(message_limit_, data.size() - at));
    MPI_Request part = MPI_REQUEST_NULL;
    check_mpi(MPI_Isend(data.data() + at, count, MPI_BYTE, to, static_cast<int>(tag), handle_, &part),
              "MPI_Isend");
    request.requests_.push_back(part);
  }
  return request;
}

Request Communicator::start_receive(std::span<std::byte> data, int from, Tag tag) const {
  Request request;
  request.is_receive_ = true;
  for (std::size_t at = 0; at < data.size(); at += message_limit_) {
    const auto count = static_cast<int>(std::min(message_limit_, data.size() - at));
    MPI_Request part = MPI_REQUEST_NULL;
    check_mpi(MPI_Irecv(data.data() + at, count, MPI_BYTE, from, static_cast<int>(tag), handle_, &part),
              "MPI_Irecv");
    request.requests_.push_back(part);
  }
  return request;
}

RepeatedMessage Communicator::repeat_send(std::span<const std::byte> data, int to, Tag tag) const {
  RepeatedMessage message;
  for (std::size_t at = 0; at < data.size(); at += message_limit_) {
    const auto count = static_cast<int>(std::min(message_limit_, data.size() - at));
    MPI_Request part = MPI_REQUEST_NULL;
    check_mpi(MPI_Send_init(data.data() + at, count, MPI_BYTE, to, static_cast<int>(tag), handle_, &part),
              "MPI_Send_init");
    message.requests_.push_back(part);
  }
  return message;
}

RepeatedMessage Communicator::repeat_receive(std::span<std::byte> data, int from, Tag tag) const {
  RepeatedMessage message;
  message.is_receive_ = true;
  for (std::size_t at = 0; at < data.size(); at += message_limit_) {
    const auto count = static_cast<int>(std::min(message_limit_, data.size() - at));
    MPI_Request part = MPI_REQUEST_NULL;
    check_mpi(MPI_Recv_init(data.data() + at, count, MPI_BYTE, from, static_cast<int>(tag), handle_, &part),
              "MPI_Recv_init");
    message.requests_.push_back(part);
  }
  return message;
}

// A message begins with its length; what exceeds the limit of one MPI message follows in others of the same
// tag, which arrive in order.

Request Communicator::start_message(std::vector<std::byte> data, int to, Tag tag) const {
  const std::uint64_t length = data.size();
  const auto head = std::as_bytes(std::span(&length, 1));
  data.insert(data.begin(), head.begin(), head.end());
  Request request = start_send(data, to, tag);
  request.data_ = std::move(data);
  return request;
}

std::optional<Message> Communicator::take_message(Tag tag) const {
  int there = 0;
  MPI_Message first = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Improbe(MPI_ANY_SOURCE, static_cast<int>(tag), handle_, &there, &first, &status),
            "MPI_Improbe");
  if (there == 0) return std::nullopt;
  int count = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &count), "MPI_Get_count");
  std::vector<std::byte> data(static_cast<std::size_t>(count));
  check_mpi(MPI_Mrecv(data.data(), count, MPI_BYTE, &first, MPI_STATUS_IGNORE), "MPI_Mrecv");

  std::uint64_t length = 0;
  ensure(data.size() >= sizeof length, "a message says how long it is");
  std::copy_n(data.begin(), sizeof length, std::as_writable_bytes(std::span(&length, 1)).begin());
  const std::size_t have = data.size();
  data.resize(sizeof length + length);
  start_receive(std::span(data).subspan(have), status.MPI_SOURCE, tag).wait();
  data.erase(data.begin(), data.begin() + sizeof length);
  return Message{status.MPI_SOURCE, std::move(data)};
}

void Communicator::push_bytes(std::span<std::byte> data, int root) const {
  for (std::size_t at = 0; at < data.size(); at += message_limit_) {
    const auto count = static_cast<int>(std::min(message_limit_, data.size() - at));
    check_mpi(MPI_Bcast(data.data() + at, count, MPI_BYTE, root, handle_), "MPI_Bcast");
  }
}

std::vector<std::int64_t> Communicator::gather_counts(std::int64_t count, int root) const {
  std::vector<std::int64_t> counts(rank_ == root ? static_cast<std::size_t>(size_) : 0);
  check_mpi(MPI_Gather(&count, 1, MPI_INT64_T, counts.data(), 1, MPI_INT64_T, root, handle_), "MPI_Gather");
  return counts;
}

// Point to point, because MPI's own scatter and gather count bytes and displacements in 32 bits.

void Communicator::scatter_bytes(std::span<const std::byte> items, std::span<std::byte> mine,
                                 std::int64_t count, std::size_t item_size, int root) const {
  if (rank_ != root) {
    start_receive(mine, root, Tag::collective).wait();
    return;
  }
  const EvenSplit split(count, size_);
  std::vector<Request> sends;
  for (int to = 0; to < size_; ++to) {
    const Range part = split.part(to);
    const auto bytes = items.subspan(static_cast<std::size_t>(part.begin) * item_size,
                                     static_cast<std::size_t>(part.size()) * item_size);
    if (to == rank_) {
      std::copy(bytes.begin(), bytes.end(), mine.begin());
    } else {
      sends.push_back(start_send(bytes, to, Tag::collective));
    }
  }
  for (auto& send : sends) send.wait();
}

void Communicator::gather_bytes(std::span<const std::byte> part, std::span<std::byte> items,
                                std::span<const std::int64_t> counts, std::size_t item_size, int root) const {
  if (rank_ != root) {
    start_send(part, root, Tag::collective).wait();
    return;
  }
  std::vector<Request> receives;
  std::size_t at = 0;
  for (int from = 0; from < size_; ++from) {
    const auto bytes =
        items.subspan(at, static_cast<std::size_t>(counts[static_cast<std::size_t>(from)]) * item_size);
    at += bytes.size();
    if (from == rank_) {
      std::copy(part.begin(), part.end(), bytes.begin());
    } else {
      receives.push_back(start_receive(bytes, from, Tag::collective));
    }
  }
  for (auto& receive : receives) receive.wait();
}

}  // namespace orrery
