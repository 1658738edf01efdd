/// How simulated ranks wait for each other: for `simulated_ranks.cpp` and `simulated_mpi.cpp` only.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <semaphore>
#include <span>
#include <vector>

#include "simulated_ranks.hpp"

// Handles are pointers, as those of Open MPI are. One rank runs at a time, so nothing needs a lock.

namespace orrery::test {

struct Group;

struct SentMessage {
  int source = 0;
  int tag = 0;
  std::vector<std::byte> data;
};

struct SimulatedRequest {
  enum class Kind { send, receive, collective } kind = Kind::send;
  Group* group = nullptr;
  int owner = 0;  ///< rank of all
  int peer = 0;   ///< rank of the group
  int tag = 0;
  std::byte* buffer = nullptr;
  std::size_t size = 0;
  bool is_persistent = false;
  bool is_active = false;
};

/// A collective call that some ranks have made.
struct Collective {
  struct Part {
    const std::byte* from = nullptr;
    std::byte* to = nullptr;
    SimulatedRequest* request = nullptr;
  };
  std::vector<Part> parts;  ///< by rank of the group
  std::size_t made = 0;
};

struct Group {
  std::vector<int> members;                              ///< ranks of all
  std::map<int, int> rank_of;                            ///< of a rank of all
  std::vector<std::list<SentMessage>> arrived;           ///< by rank, not asked for yet
  std::vector<std::list<SimulatedRequest*>> receives;    ///< by rank, that wait for a message
  std::vector<std::int64_t> calls;                       ///< by rank: collective calls so far
  std::map<std::int64_t, Collective> collectives;        ///< by number
  std::map<std::int64_t, std::map<int, Group*>> splits;  ///< by number of the call and by part
};

/// A rank, and what it waits for.
struct RankThread {
  std::binary_semaphore turn{0};
  bool is_parked = false;
  bool wants_any_message = false;
  std::vector<SimulatedRequest*> awaited;
  SentByRank sent;
};

struct Simulation {
  std::vector<std::unique_ptr<RankThread>> ranks;
  std::deque<int> ready;
  std::vector<std::unique_ptr<Group>> groups;
  std::int64_t events = 0;  ///< requests done, and messages that came
  std::int64_t events_when_stuck = -1;
  int times_stuck = 0;
  bool is_stuck = false;
  int running = 0;  ///< ranks that have not ended
  std::exception_ptr failure;
  std::binary_semaphore all_ended{0};
};

extern Simulation* simulation;

/// The rank that runs.
RankThread& myself();
int rank_in(const Group& group);

Group& group_of(MPI_Comm handle);
SimulatedRequest* request_of(MPI_Request handle);
/// By distinct ranks of all.
Group* new_group(std::vector<int> members);

/// Waits until requests are done, or, if there are none, for any message. May return before.
void park(std::vector<SimulatedRequest*> awaited);
/// Lets the others run first.
void yield();
/// Sends or receives.
void start(SimulatedRequest& request);
void complete(SimulatedRequest& request);
/// Whether all are done, after waiting for them if they are not. Takes handles of those that are over.
bool test(std::span<MPI_Request> handles);
bool matches(const SentMessage& message, int source, int tag);

/// Takes part in a collective call; the last to do so calls `combine` with the parts of all ranks.
/// @param bytes  that this rank gets
MPI_Request join(MPI_Comm ranks, const void* from, void* to, std::size_t bytes,
                 const std::function<void(std::span<const Collective::Part>)>& combine);

}  // namespace orrery::test
