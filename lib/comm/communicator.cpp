#include "comm/communicator.hpp"

#include <algorithm>
#include <memory>

#include "comm/mpi_error.hpp"
#include "comm/polite_wait.hpp"

namespace orrery {
namespace {

/// Waits for a collective call to be over on this rank.
void finish(MPI_Request& request) {
  wait_politely([&request] {
    int done = 0;
    check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    return done != 0;
  });
}

}  // namespace

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

void Communicator::sum(std::span<std::int64_t> values) const {
  reduce(values.data(), values.size(), sizeof(std::int64_t), MPI_INT64_T, MPI_SUM);
}

void Communicator::sum_modulo(std::span<std::uint64_t> values) const {
  reduce(values.data(), values.size(), sizeof(std::uint64_t), MPI_UINT64_T, MPI_SUM);
}

void Communicator::minimum(std::span<double> values) const {
  reduce(values.data(), values.size(), sizeof(double), MPI_DOUBLE, MPI_MIN);
}

void Communicator::maximum(std::span<double> values) const {
  reduce(values.data(), values.size(), sizeof(double), MPI_DOUBLE, MPI_MAX);
}

/// Element by element over all ranks, in place, as many at a time as one message may carry. Collective.
void Communicator::reduce(void* values, std::size_t count, std::size_t size, MPI_Datatype type,
                          MPI_Op operation) const {
  const std::size_t at_a_time = std::max<std::size_t>(message_limit_ / size, 1);
  for (std::size_t at = 0; at < count; at += at_a_time) {
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(
        MPI_Iallreduce(MPI_IN_PLACE, static_cast<std::byte*>(values) + at * size,
                       static_cast<int>(std::min(at_a_time, count - at)), type, operation, handle_, &request),
        "MPI_Iallreduce");
    finish(request);
  }
}

std::vector<std::int64_t> Communicator::exchange(std::span<const std::int64_t> to) const {
  std::vector<std::int64_t> from(to.size());
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ialltoall(to.data(), 1, MPI_INT64_T, from.data(), 1, MPI_INT64_T, handle_, &request),
            "MPI_Ialltoall");
  finish(request);
  return from;
}

Request Communicator::start_send(std::span<const std::byte> data, int to, Tag tag, BufferOwner owner) const {
  Request request;
  request.owner_ = std::move(owner);
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

void Communicator::send(std::span<const std::byte> data, int to, Tag tag) const {
  const auto copy = std::make_shared<const std::vector<std::byte>>(data.begin(), data.end());
  start_send(*copy, to, tag, copy).wait();
}

RepeatedMessage Communicator::repeat_send(std::span<const std::byte> data, int to, Tag tag,
                                          BufferOwner owner) const {
  RepeatedMessage message;
  message.owner_ = std::move(owner);
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
  const auto whole = std::make_shared<const std::vector<std::byte>>(std::move(data));
  return start_send(*whole, to, tag, whole);
}

std::optional<Message> Communicator::take_message(Tag tag) const {
  int there = 0;
  MPI_Message first = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Improbe(MPI_ANY_SOURCE, static_cast<int>(tag), handle_, &there, &first, &status),
            "MPI_Improbe");
  if (there == 0) return std::nullopt;
  return Message{status.MPI_SOURCE, rest_of_message(first, status, tag)};
}

std::vector<std::byte> Communicator::receive_message(int from, Tag tag) const {
  MPI_Message first = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Mprobe(from, static_cast<int>(tag), handle_, &first, &status), "MPI_Mprobe");
  return rest_of_message(first, status, tag);
}

/// The message whose first part has come.
std::vector<std::byte> Communicator::rest_of_message(MPI_Message first, const MPI_Status& status,
                                                     Tag tag) const {
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
  return data;
}

void Communicator::push_bytes(std::span<std::byte> data, int root) const {
  for (std::size_t at = 0; at < data.size(); at += message_limit_) {
    const auto count = static_cast<int>(std::min(message_limit_, data.size() - at));
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(MPI_Ibcast(data.data() + at, count, MPI_BYTE, root, handle_, &request), "MPI_Ibcast");
    finish(request);
  }
}

void Communicator::pull_bytes(std::span<const std::byte> value, void* values, int root) const {
  const auto size = static_cast<int>(value.size());
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Igather(value.data(), size, MPI_BYTE, values, size, MPI_BYTE, root, handle_, &request),
            "MPI_Igather");
  finish(request);
}

void Communicator::pull_bytes_everywhere(std::span<const std::byte> value, void* values) const {
  const auto size = static_cast<int>(value.size());
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallgather(value.data(), size, MPI_BYTE, values, size, MPI_BYTE, handle_, &request),
            "MPI_Iallgather");
  finish(request);
}

// Point to point, because MPI's own scatterv and gatherv count bytes and displacements in 32 bits, and only
// the root knows whether that will do. They would send the same messages: each rank's part at once, from or
// to the root. Callers own what is sent: nothing is thrown while it is under way, unless MPI itself fails.

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
      sends.push_back(start_send(bytes, to, Tag::collective, nullptr));
    }
  }
  for (auto& send : sends) send.wait();
}

void Communicator::gather_bytes(std::span<const std::byte> part, std::span<std::byte> items,
                                std::span<const std::int64_t> counts, std::size_t item_size, int root) const {
  if (rank_ != root) {
    start_send(part, root, Tag::collective, nullptr).wait();
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
