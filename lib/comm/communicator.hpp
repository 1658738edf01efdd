/// Ranks that work together, and what they can do: push, pull, scatter, gather, apply, map, reduce.
#pragma once

#include <mpi.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "comm/collective_error.hpp"
#include "comm/polite_wait.hpp"
#include "comm/request.hpp"
#include "core/even_split.hpp"

namespace orrery {

/// What can be sent as its bytes.
template <class T>
concept Sendable = std::is_trivially_copyable_v<T>;

/// Kinds of point-to-point messages.
enum class Tag : int {
  collective = 1,
  particles = 2,
  frame = 3,
  alarm = 4,
  clock = 5,
  timeline = 6,
  farm_order = 7,
  farm_result = 8,
  ghosts = 9,
  migration = 10,
  ghost_counts = 11,
  failures = 12
};

/// What came from another rank, whole, however long.
struct Message {
  int from = 0;
  std::vector<std::byte> data;
};

/// Ends a function that `apply` runs, because the same function failed on another rank. Never seen outside of
/// `apply`.
class Interrupted : public Error {
public:
  Interrupted() : Error(ExitCode::internal, "another rank failed") {}
};

/// A group of ranks with a channel of its own. Counts are 64 bits; messages are cut where they exceed what
/// MPI's int counts can say.
///
/// Every collective call is made by all ranks of the group, in the same order. `root` is a rank of the group.
class Communicator {
public:
  /// All ranks of the program. Collective.
  static Communicator world();

  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&&) = delete;
  ~Communicator();

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool is_root() const { return rank_ == 0; }

  /// Some ranks of this group, in the given order. Collective over this group.
  /// @param ranks  distinct ranks of this group, the same on each
  /// @return the subset's communicator on its members, nothing elsewhere
  std::optional<Communicator> subset(std::span<const int> ranks) const;

  /// Parts this group into several at once, each in the order of ranks here. Collective.
  /// @param part  which part this rank is to be in; negative for none
  /// @return this rank's part; nothing where it is in none
  std::optional<Communicator> split(int part) const;

  /// The same ranks with a channel of their own, where messages of others are not seen. Collective.
  Communicator duplicate() const;

  /// The ranks that share this one's node. Collective.
  Communicator same_node() const;

  /// Gives the root's value to all (a broadcast). Collective.
  template <Sendable T>
  void push(T& value, int root = 0) const {
    push_bytes(std::as_writable_bytes(std::span(&value, 1)), root);
  }
  /// Gives the root's items, and how many there are, to all. Collective.
  template <Sendable T>
  void push(std::vector<T>& items, int root = 0) const {
    std::int64_t count = std::ssize(items);
    push(count, root);
    items.resize(static_cast<std::size_t>(count));
    push_bytes(std::as_writable_bytes(std::span(items)), root);
  }
  void push(std::string& text, int root = 0) const;

  /// Fetches one value from every rank (a gather). Collective.
  /// @return on the root, shape (size), in rank order; elsewhere empty
  template <Sendable T>
  std::vector<T> pull(const T& value, int root = 0) const {
    std::vector<T> values(rank_ == root ? static_cast<std::size_t>(size_) : 0);
    pull_bytes(std::as_bytes(std::span(&value, 1)), values.data(), root);
    return values;
  }
  std::vector<std::string> pull(const std::string& text, int root = 0) const;

  /// Deals the root's items out in order and as evenly as possible (`EvenSplit`). Collective.
  /// @param items  all items, on the root; ignored elsewhere
  /// @return the items of this rank, possibly none
  template <Sendable T>
  std::vector<T> scatter(std::span<const T> items, int root = 0) const {
    std::int64_t count = std::ssize(items);
    push(count, root);
    std::vector<T> mine(static_cast<std::size_t>(EvenSplit(count, size_).part(rank_).size()));
    scatter_bytes(std::as_bytes(items), std::as_writable_bytes(std::span(mine)), count, sizeof(T), root);
    return mine;
  }

  /// Joins the parts of all ranks in rank order. Collective.
  /// @return on the root all items, elsewhere nothing
  template <Sendable T>
  std::vector<T> gather(std::span<const T> part, int root = 0) const {
    const auto counts = pull(std::int64_t{std::ssize(part)}, root);
    std::int64_t total = 0;
    for (const std::int64_t count : counts) total += count;
    std::vector<T> items(static_cast<std::size_t>(total));
    gather_bytes(std::as_bytes(part), std::as_writable_bytes(std::span(items)), counts, sizeof(T), root);
    return items;
  }

  /// Runs a function once on every rank and agrees on how it went. Collective; the function itself may be
  /// local. Where it waits for other ranks, or works for long, it calls `check_alarm()` now and then, so that
  /// a failure elsewhere ends it.
  /// @return what the function returned here
  /// @throws CollectiveError on every rank, when the function threw on any
  template <class Function>
  auto apply(Function&& function) const {
    using Result = std::invoke_result_t<Function>;
    std::optional<RankFailure> failure;
    if constexpr (std::is_void_v<Result>) {
      try {
        function();
      } catch (const Interrupted&) {
      } catch (const std::exception& error) {
        failure = failure_here(error);
        raise_alarm();
      }
      agree(failure);
    } else {
      std::optional<Result> result;
      try {
        result.emplace(function());
      } catch (const Interrupted&) {
      } catch (const std::exception& error) {
        failure = failure_here(error);
        raise_alarm();
      }
      agree(failure);
      return std::move(*result);
    }
  }

  /// Applies a function to every item of a sequence on the root, spread over all ranks. Collective.
  /// @return on the root one result per item, in order; elsewhere empty
  /// @throws CollectiveError on every rank, when the function threw on any
  template <Sendable In, std::invocable<const In&> Function>
  auto map(Function&& function, std::span<const In> items, int root = 0) const {
    using Out = std::invoke_result_t<Function, const In&>;
    static_assert(Sendable<Out>, "map needs results that can be sent");
    const std::vector<In> mine = scatter(items, root);
    const std::vector<Out> results = apply([&] {
      std::vector<Out> made;
      made.reserve(mine.size());
      for (const In& item : mine) made.push_back(function(item));
      return made;
    });
    return gather(std::span<const Out>(results), root);
  }

  /// Throws `Interrupted` if the function that `apply` runs has failed on another rank. Local.
  void check_alarm() const;

  /// Element by element over all ranks, the same result everywhere. Collective. Integers only for sums: their
  /// order cannot show.
  void sum(std::span<std::int64_t> values) const;
  /// The same modulo 2^64.
  void sum_modulo(std::span<std::uint64_t> values) const;
  void minimum(std::span<double> values) const;
  void maximum(std::span<double> values) const;

  /// Tells every rank a number, and hears one from each (an alltoall). Collective.
  /// @param to  shape (size): the number for each rank
  /// @return shape (size): what each rank had for this one
  std::vector<std::int64_t> exchange(std::span<const std::int64_t> to) const;

  /// One value from every rank, on every rank, in rank order (an allgather). Collective.
  template <Sendable T>
  std::vector<T> pull_everywhere(const T& value) const {
    std::vector<T> values(static_cast<std::size_t>(size_));
    pull_bytes_everywhere(std::as_bytes(std::span(&value, 1)), values.data());
    return values;
  }

  /// Starts a message; messages with the same tag between the same ranks arrive in order. Local.
  /// @param data   stays untouched until the message is done
  /// @param owner  of its memory
  Request start_send(std::span<const std::byte> data, int to, Tag tag, BufferOwner owner) const;
  Request start_receive(std::span<std::byte> data, int from, Tag tag) const;

  /// Sends a few bytes, and waits until they are on their way. Local.
  void send(std::span<const std::byte> data, int to, Tag tag) const;

  /// Sets up a message to be started as often as wanted; matches any other with that tag. Local.
  RepeatedMessage repeat_send(std::span<const std::byte> data, int to, Tag tag, BufferOwner owner) const;
  RepeatedMessage repeat_receive(std::span<std::byte> data, int from, Tag tag) const;

  /// Starts a message that tells its own length. Local.
  /// @param data  becomes the request's own; nothing has to be kept for it
  Request start_message(std::vector<std::byte> data, int to, Tag tag) const;

  /// The next message with a tag that has arrived, if any: from whichever rank, in order for each of them.
  /// Local, and does not wait for a message to be started; lets MPI make progress.
  std::optional<Message> take_message(Tag tag) const;

  /// Starts over until a condition holds, politely (`PoliteWait`); ends as `check_alarm` says. Local.
  template <std::predicate Condition>
  void wait_until(Condition&& condition) const {
    PoliteWait wait;
    while (!condition()) {
      check_alarm();
      wait.rest();
    }
  }

  /// Most bytes that one MPI message carries; longer ones are cut. For tests.
  void set_message_limit(std::size_t bytes) { message_limit_ = bytes; }

private:
  friend class SharedCounter;

  /// Takes ownership of a communicator.
  explicit Communicator(MPI_Comm handle);

  /// Agrees on whether this piece of work failed anywhere; throws `CollectiveError` on every rank if so.
  /// Collective.
  void agree(const std::optional<RankFailure>& failure) const;
  RankFailure failure_here(const std::exception& error) const;
  bool failed_anywhere(bool failed_here) const;
  std::vector<RankFailure> all_failures(const std::optional<RankFailure>& failure) const;
  bool is_alarmed() const;
  void raise_alarm() const;
  void take_alarms() const;

  std::vector<std::byte> receive_message(int from, Tag tag) const;
  std::vector<std::byte> rest_of_message(MPI_Message first, const MPI_Status& status, Tag tag) const;
  void push_bytes(std::span<std::byte> data, int root) const;
  void pull_bytes(std::span<const std::byte> value, void* values, int root) const;
  void pull_bytes_everywhere(std::span<const std::byte> value, void* values) const;
  void reduce(void* values, std::size_t count, std::size_t size, MPI_Datatype type, MPI_Op operation) const;
  void scatter_bytes(std::span<const std::byte> items, std::span<std::byte> mine, std::int64_t count,
                     std::size_t item_size, int root) const;
  void gather_bytes(std::span<const std::byte> part, std::span<std::byte> items,
                    std::span<const std::int64_t> counts, std::size_t item_size, int root) const;

  MPI_Comm handle_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 1;
  std::size_t message_limit_ = std::size_t{1} << 30;
  mutable bool has_raised_alarm_ = false;  ///< since the last time that ranks agreed
};

}  // namespace orrery
