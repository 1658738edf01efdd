#include "simulated_ranks.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

#include "simulation_of_ranks.hpp"

namespace orrery::test {

Simulation* simulation = nullptr;

namespace {
thread_local int this_rank = -1;
}

RankThread& myself() {
  return *simulation->ranks[static_cast<std::size_t>(this_rank)];
}

namespace {
/// Lets another rank run; returns when it is this one's turn again.
void hand_on() {
  if (simulation->ready.empty()) {  // all wait: look again at what they wait for, or give up
    if (simulation->events == simulation->events_when_stuck) {
      simulation->is_stuck = ++simulation->times_stuck > 3;
    } else {
      simulation->times_stuck = 0;
    }
    simulation->events_when_stuck = simulation->events;
    for (std::size_t rank = 0; rank < simulation->ranks.size(); ++rank) {
      RankThread& other = *simulation->ranks[rank];
      if (!std::exchange(other.is_parked, false)) continue;
      simulation->ready.push_back(static_cast<int>(rank));
    }
  }
  const int next = simulation->ready.front();
  simulation->ready.pop_front();
  if (next == this_rank) return;
  simulation->ranks[static_cast<std::size_t>(next)]->turn.release();
  myself().turn.acquire();
}
}  // namespace

void park(std::vector<SimulatedRequest*> awaited) {
  RankThread& me = myself();
  me.wants_any_message = awaited.empty();
  me.awaited = std::move(awaited);
  me.is_parked = true;
  hand_on();
  me.wants_any_message = false;
}

void yield() {
  simulation->ready.push_back(this_rank);
  hand_on();
}

namespace {
void wake(int rank) {
  RankThread& other = *simulation->ranks[static_cast<std::size_t>(rank)];
  if (!other.is_parked) return;
  const bool is_done = std::none_of(other.awaited.begin(), other.awaited.end(),
                                    [](const SimulatedRequest* request) { return request->is_active; });
  if (!is_done) return;
  other.is_parked = false;
  simulation->ready.push_back(rank);
}
}  // namespace

void complete(SimulatedRequest& request) {
  request.is_active = false;
  ++simulation->events;
  wake(request.owner);
}

Group& group_of(MPI_Comm handle) {
  return handle == MPI_COMM_WORLD ? *simulation->groups.front() : *reinterpret_cast<Group*>(handle);
}
SimulatedRequest* request_of(MPI_Request handle) {
  return handle == MPI_REQUEST_NULL ? nullptr : reinterpret_cast<SimulatedRequest*>(handle);
}
int rank_in(const Group& group) {
  return group.rank_of.at(this_rank);
}

Group* new_group(std::vector<int> members) {
  auto group = std::make_unique<Group>();
  const std::size_t size = members.size();
  for (std::size_t rank = 0; rank < size; ++rank) group->rank_of[members[rank]] = static_cast<int>(rank);
  group->members = std::move(members);
  group->arrived.resize(size);
  group->receives.resize(size);
  group->calls.resize(size, 0);
  simulation->groups.push_back(std::move(group));
  return simulation->groups.back().get();
}

bool matches(const SentMessage& message, int source, int tag) {
  return message.tag == tag && (source == MPI_ANY_SOURCE || message.source == source);
}

namespace {
void put_into(SimulatedRequest& receive, const SentMessage& message) {
  if (message.data.size() > receive.size) throw std::logic_error("a message is longer than the room for it");
  std::copy(message.data.begin(), message.data.end(), receive.buffer);
  complete(receive);
}
}  // namespace

void start(SimulatedRequest& request) {
  Group& group = *request.group;
  const int here = rank_in(group);
  request.owner = this_rank;
  if (request.kind == SimulatedRequest::Kind::send) {
    SentMessage message{
        .source = here, .tag = request.tag, .data = {request.buffer, request.buffer + request.size}};
    ++myself().sent.messages;
    myself().sent.bytes += static_cast<std::int64_t>(request.size);
    const auto to = static_cast<std::size_t>(request.peer);
    auto& receives = group.receives[to];
    const auto receive = std::find_if(receives.begin(), receives.end(), [&](const SimulatedRequest* each) {
      return matches(message, each->peer, each->tag);
    });
    if (receive != receives.end()) {
      SimulatedRequest& taker = **receive;
      receives.erase(receive);
      put_into(taker, message);
    } else {
      group.arrived[to].push_back(std::move(message));
      ++simulation->events;
      const int rank = group.members[to];
      if (simulation->ranks[static_cast<std::size_t>(rank)]->wants_any_message) wake(rank);
    }
    return;
  }
  request.is_active = true;
  auto& arrived = group.arrived[static_cast<std::size_t>(here)];
  const auto message = std::find_if(arrived.begin(), arrived.end(), [&](const SentMessage& each) {
    return matches(each, request.peer, request.tag);
  });
  if (message == arrived.end()) {
    group.receives[static_cast<std::size_t>(here)].push_back(&request);
    return;
  }
  put_into(request, *message);
  arrived.erase(message);
}

namespace {
/// What is over of a request, as far as its handle goes.
void settle(MPI_Request& handle) {
  SimulatedRequest* const request = request_of(handle);
  if (request == nullptr || request->is_persistent) return;
  delete request;
  handle = MPI_REQUEST_NULL;
}

bool is_done(MPI_Request handle) {
  const SimulatedRequest* const request = request_of(handle);
  return request == nullptr || !request->is_active;
}
}  // namespace

bool test(std::span<MPI_Request> handles) {
  if (!std::all_of(handles.begin(), handles.end(), is_done)) {
    std::vector<SimulatedRequest*> awaited;
    for (const MPI_Request handle : handles)
      if (!is_done(handle)) awaited.push_back(request_of(handle));
    park(std::move(awaited));
    if (!std::all_of(handles.begin(), handles.end(), is_done)) return false;
  }
  for (MPI_Request& handle : handles) settle(handle);
  return true;
}

MPI_Request join(MPI_Comm ranks, const void* from, void* to, std::size_t bytes,
                 const std::function<void(std::span<const Collective::Part>)>& combine) {
  Group& group = group_of(ranks);
  const auto here = static_cast<std::size_t>(rank_in(group));
  const std::int64_t number = group.calls[here]++;
  auto* const request = new SimulatedRequest;
  request->kind = SimulatedRequest::Kind::collective;
  request->owner = this_rank;
  request->is_active = true;
  ++myself().sent.collectives;
  myself().sent.collective_bytes += static_cast<std::int64_t>(bytes);
  Collective& collective = group.collectives[number];
  collective.parts.resize(group.members.size());
  collective.parts[here] = {static_cast<const std::byte*>(from), static_cast<std::byte*>(to), request};
  if (++collective.made == collective.parts.size()) {
    combine(std::span<const Collective::Part>(collective.parts));
    for (const Collective::Part& part : collective.parts) complete(*part.request);
    group.collectives.erase(number);
  }
  return reinterpret_cast<MPI_Request>(request);
}

namespace {
void run(int rank, const std::function<void(const Communicator&)>& function) {
  this_rank = rank;
  myself().turn.acquire();
  try {
    const Communicator ranks = Communicator::world();
    function(ranks);
  } catch (...) {
    if (!simulation->failure) simulation->failure = std::current_exception();
  }
  if (--simulation->running == 0) {
    simulation->all_ended.release();
    return;
  }
  // The turn goes to another for good.
  if (simulation->ready.empty()) {
    for (std::size_t other = 0; other < simulation->ranks.size(); ++other) {
      if (!std::exchange(simulation->ranks[other]->is_parked, false)) continue;
      simulation->ready.push_back(static_cast<int>(other));
    }
  }
  const int next = simulation->ready.front();
  simulation->ready.pop_front();
  simulation->ranks[static_cast<std::size_t>(next)]->turn.release();
}
}  // namespace

std::vector<SentByRank> run_on_simulated_ranks(int ranks,
                                               const std::function<void(const Communicator&)>& function) {
  Simulation all;
  simulation = &all;
  all.running = ranks;
  std::vector<int> members;
  for (int rank = 0; rank < ranks; ++rank) {
    members.push_back(rank);
    all.ranks.push_back(std::make_unique<RankThread>());
    all.ready.push_back(rank);
  }
  new_group(members);
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < ranks; ++rank) threads.emplace_back([rank, &function] { run(rank, function); });
  all.ready.pop_front();
  all.ranks.front()->turn.release();
  all.all_ended.acquire();
  threads.clear();
  simulation = nullptr;
  if (all.failure) std::rethrow_exception(all.failure);
  std::vector<SentByRank> sent;
  for (const auto& rank : all.ranks) sent.push_back(rank->sent);
  return sent;
}

SentByRank sent_so_far() {
  return myself().sent;
}

}  // namespace orrery::test
