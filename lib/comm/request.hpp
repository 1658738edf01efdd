/// Messages under way, and what keeps their memory meanwhile.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace orrery {

/// What holds the memory that a message is sent from. A request shares it until the message is done: also
/// where an exception ends everything else that knew of it, while MPI still reads.
using BufferOwner = std::shared_ptr<const void>;

/// A message under way. Its buffer must stay untouched until `done()` or `wait()`; the destructor waits.
///
/// While an exception unwinds, the other end may never come: the destructor then calls a receive off, and
/// puts a send aside, with its memory, until MPI is done with it.
class Request {
public:
  Request() = default;
  ~Request();
  Request(Request&& other) noexcept
      : requests_(std::exchange(other.requests_, {})),
        owner_(std::move(other.owner_)),
        is_receive_(other.is_receive_) {}
  Request& operator=(Request&& other) noexcept;

  /// Whether the message has been delivered. Local; lets MPI make progress.
  bool done();
  void wait();

private:
  friend class Communicator;
  std::vector<MPI_Request> requests_;
  BufferOwner owner_;  // of what is sent
  bool is_receive_ = false;
};

/// A message that is sent again and again, from and to the same place, which MPI is told once. Its buffer
/// must stay where it is, and untouched from `start()` to `done()` or `wait()`. What is under way when it is
/// destroyed ends like a `Request`.
class RepeatedMessage {
public:
  RepeatedMessage() = default;
  ~RepeatedMessage();
  RepeatedMessage(RepeatedMessage&& other) noexcept { *this = std::move(other); }
  RepeatedMessage& operator=(RepeatedMessage&& other) noexcept;

  /// Sends or receives once more, the parts of a long message one after the other. Local.
  /// @pre the time before is done
  void start();
  /// Takes back a receive that was started and that no rank has sent anything for. Local.
  void cancel();
  /// Whether the message has been delivered, or was never started. Local; lets MPI make progress.
  bool done();
  void wait();

private:
  friend class Communicator;
  std::vector<MPI_Request> requests_;
  BufferOwner owner_;
  bool is_receive_ = false;
  bool is_under_way_ = false;
};

/// How many sends were put aside by exceptions and are not done yet. Local; lets MPI make progress, and gives
/// up the memory of those that are.
std::size_t sends_put_aside();

}  // namespace orrery
