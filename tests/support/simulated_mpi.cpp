// The calls of MPI that `Communicator` makes, for simulated ranks.
#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>

#include "simulation_of_ranks.hpp"

namespace orrery::test {
namespace {

MPI_Comm handle_of(Group* group) {
  return reinterpret_cast<MPI_Comm>(group);
}
MPI_Request handle_of(SimulatedRequest* request) {
  return reinterpret_cast<MPI_Request>(request);
}

template <class T>
void reduce(std::span<const Collective::Part> parts, std::size_t count, MPI_Op operation) {
  T* const all = reinterpret_cast<T*>(parts.front().to);
  for (const Collective::Part& part : parts.subspan(1)) {
    const T* const more = reinterpret_cast<const T*>(part.to);
    for (std::size_t at = 0; at < count; ++at) {
      if (operation == MPI_SUM) all[at] = static_cast<T>(all[at] + more[at]);
      if (operation == MPI_MAX) all[at] = std::max(all[at], more[at]);
      if (operation == MPI_MIN) all[at] = std::min(all[at], more[at]);
    }
  }
  for (const Collective::Part& part : parts.subspan(1)) std::memcpy(part.to, all, count * sizeof(T));
}

int stuck_or(int status) {
  return simulation->is_stuck ? MPI_ERR_OTHER : status;
}

std::size_t size_of(int count, MPI_Datatype type) {
  return static_cast<std::size_t>(count) * (type == MPI_BYTE ? 1 : type == MPI_INT ? sizeof(int) : 8);
}

/// The first message for this rank that matches; the end if there is none.
auto first_match(Group& group, int source, int tag) {
  auto& arrived = group.arrived[static_cast<std::size_t>(rank_in(group))];
  return std::find_if(arrived.begin(), arrived.end(),
                      [&](const SentMessage& each) { return matches(each, source, tag); });
}

void take(Group& group, std::list<SentMessage>::iterator found, MPI_Message* message, MPI_Status* status) {
  status->MPI_SOURCE = found->source;
  status->MPI_TAG = found->tag;
  status->MPI_ERROR = static_cast<int>(found->data.size());  // where `MPI_Get_count` finds it
  *message = reinterpret_cast<MPI_Message>(new SentMessage(std::move(*found)));
  group.arrived[static_cast<std::size_t>(rank_in(group))].erase(found);
}

SimulatedRequest* new_request(SimulatedRequest::Kind kind, MPI_Comm ranks, void* buffer, int size, int peer,
                              int tag, bool is_persistent) {
  auto* const request = new SimulatedRequest;
  request->kind = kind;
  request->group = &group_of(ranks);
  request->peer = peer;
  request->tag = tag;
  request->buffer = static_cast<std::byte*>(buffer);
  request->size = static_cast<std::size_t>(size);
  request->is_persistent = is_persistent;
  if (!is_persistent) start(*request);
  return request;
}

}  // namespace
}  // namespace orrery::test

using namespace orrery::test;
using Kind = SimulatedRequest::Kind;

extern "C" {

int MPI_Error_class(int code, int* kind) {
  *kind = code;
  return MPI_SUCCESS;
}

int MPI_Error_string(int, char* text, int* length) {
  constexpr std::string_view what = "all simulated ranks wait for messages that none sends";
  what.copy(text, what.size());
  *length = static_cast<int>(what.size());
  return MPI_SUCCESS;
}

int MPI_Comm_set_errhandler(MPI_Comm, MPI_Errhandler) {
  return MPI_SUCCESS;
}

int MPI_Comm_rank(MPI_Comm ranks, int* rank) {
  *rank = rank_in(group_of(ranks));
  return MPI_SUCCESS;
}

int MPI_Comm_size(MPI_Comm ranks, int* size) {
  *size = static_cast<int>(group_of(ranks).members.size());
  return MPI_SUCCESS;
}

int MPI_Comm_free(MPI_Comm* ranks) {
  *ranks = MPI_COMM_NULL;  // groups live as long as the simulation
  return MPI_SUCCESS;
}

int MPI_Comm_split(MPI_Comm ranks, int part, int key, MPI_Comm* made) {
  Group& group = group_of(ranks);
  const std::int64_t number = group.calls[static_cast<std::size_t>(rank_in(group))];
  const std::array<int, 2> mine{part, key};
  MPI_Request request = join(ranks, mine.data(), nullptr, 0, [&](std::span<const Collective::Part> parts) {
    std::map<int, std::vector<std::pair<int, int>>> members;  // by part: key and rank of all
    for (std::size_t rank = 0; rank < parts.size(); ++rank) {
      std::array<int, 2> choice;
      std::memcpy(choice.data(), parts[rank].from, sizeof choice);
      members[choice[0]].emplace_back(choice[1], group.members[rank]);
    }
    for (auto& [of_part, sorted] : members) {
      std::stable_sort(sorted.begin(), sorted.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      std::vector<int> of_all;
      for (const auto& [_, rank] : sorted) of_all.push_back(rank);
      group.splits[number][of_part] = new_group(of_all);
    }
  });
  while (!test({&request, 1}))
    if (simulation->is_stuck) return MPI_ERR_OTHER;
  *made = part == MPI_UNDEFINED ? MPI_COMM_NULL : handle_of(group.splits[number][part]);
  return MPI_SUCCESS;
}

int MPI_Comm_dup(MPI_Comm ranks, MPI_Comm* made) {
  return MPI_Comm_split(ranks, 0, rank_in(group_of(ranks)), made);
}

int MPI_Comm_split_type(MPI_Comm ranks, int, int key, MPI_Info, MPI_Comm* made) {
  return MPI_Comm_split(ranks, 0, key, made);  // all on one node
}

int MPI_Isend(const void* data, int count, MPI_Datatype, int to, int tag, MPI_Comm ranks, MPI_Request* made) {
  *made = handle_of(new_request(Kind::send, ranks, const_cast<void*>(data), count, to, tag, false));
  return MPI_SUCCESS;
}

int MPI_Irecv(void* data, int count, MPI_Datatype, int from, int tag, MPI_Comm ranks, MPI_Request* made) {
  *made = handle_of(new_request(Kind::receive, ranks, data, count, from, tag, false));
  return MPI_SUCCESS;
}

int MPI_Send_init(const void* data, int count, MPI_Datatype, int to, int tag, MPI_Comm ranks,
                  MPI_Request* made) {
  *made = handle_of(new_request(Kind::send, ranks, const_cast<void*>(data), count, to, tag, true));
  return MPI_SUCCESS;
}

int MPI_Recv_init(void* data, int count, MPI_Datatype, int from, int tag, MPI_Comm ranks, MPI_Request* made) {
  *made = handle_of(new_request(Kind::receive, ranks, data, count, from, tag, true));
  return MPI_SUCCESS;
}

int MPI_Start(MPI_Request* request) {
  start(*request_of(*request));
  return MPI_SUCCESS;
}

int MPI_Test(MPI_Request* request, int* done, MPI_Status*) {
  *done = test({request, 1}) ? 1 : 0;
  return stuck_or(MPI_SUCCESS);
}

int MPI_Testall(int count, MPI_Request* requests, int* done, MPI_Status*) {
  *done = test({requests, static_cast<std::size_t>(count)}) ? 1 : 0;
  return stuck_or(MPI_SUCCESS);
}

int MPI_Waitall(int count, MPI_Request* requests, MPI_Status*) {
  while (!test({requests, static_cast<std::size_t>(count)}) && !simulation->is_stuck) {
  }
  return stuck_or(MPI_SUCCESS);
}

int MPI_Cancel(MPI_Request* handle) {
  SimulatedRequest& request = *request_of(*handle);
  Group& group = *request.group;
  if (std::erase(group.receives[static_cast<std::size_t>(rank_in(group))], &request) > 0) complete(request);
  return MPI_SUCCESS;
}

int MPI_Request_free(MPI_Request* handle) {
  delete request_of(*handle);
  *handle = MPI_REQUEST_NULL;
  return MPI_SUCCESS;
}

int MPI_Recv(void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm ranks, MPI_Status*) {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Irecv(data, count, type, from, tag, ranks, &request);
  return MPI_Waitall(1, &request, MPI_STATUSES_IGNORE);
}

int MPI_Iprobe(int source, int tag, MPI_Comm ranks, int* there, MPI_Status*) {
  Group& group = group_of(ranks);
  const auto found = first_match(group, source, tag);
  *there = found != group.arrived[static_cast<std::size_t>(rank_in(group))].end() ? 1 : 0;
  if (*there == 0) yield();
  return stuck_or(MPI_SUCCESS);
}

int MPI_Improbe(int source, int tag, MPI_Comm ranks, int* there, MPI_Message* message, MPI_Status* status) {
  Group& group = group_of(ranks);
  const auto found = first_match(group, source, tag);
  *there = found != group.arrived[static_cast<std::size_t>(rank_in(group))].end() ? 1 : 0;
  if (*there == 0) {
    yield();
  } else {
    take(group, found, message, status);
  }
  return stuck_or(MPI_SUCCESS);
}

int MPI_Mprobe(int source, int tag, MPI_Comm ranks, MPI_Message* message, MPI_Status* status) {
  Group& group = group_of(ranks);
  const auto& arrived = group.arrived[static_cast<std::size_t>(rank_in(group))];
  while (first_match(group, source, tag) == arrived.end()) {
    if (simulation->is_stuck) return MPI_ERR_OTHER;
    park({});
  }
  take(group, first_match(group, source, tag), message, status);
  return MPI_SUCCESS;
}

int MPI_Mrecv(void* data, int, MPI_Datatype, MPI_Message* message, MPI_Status*) {
  const std::unique_ptr<SentMessage> taken(reinterpret_cast<SentMessage*>(*message));
  std::copy(taken->data.begin(), taken->data.end(), static_cast<std::byte*>(data));
  *message = MPI_MESSAGE_NULL;
  return MPI_SUCCESS;
}

int MPI_Get_count(const MPI_Status* status, MPI_Datatype, int* count) {
  *count = status->MPI_ERROR;
  return MPI_SUCCESS;
}

int MPI_Iallreduce(const void*, void* values, int count, MPI_Datatype type, MPI_Op operation, MPI_Comm ranks,
                   MPI_Request* request) {
  const auto many = static_cast<std::size_t>(count);
  *request = join(ranks, nullptr, values, size_of(count, type), [&](std::span<const Collective::Part> parts) {
    if (type == MPI_INT) reduce<int>(parts, many, operation);
    if (type == MPI_INT64_T) reduce<std::int64_t>(parts, many, operation);
    if (type == MPI_UINT64_T) reduce<std::uint64_t>(parts, many, operation);
    if (type == MPI_DOUBLE) reduce<double>(parts, many, operation);
  });
  return MPI_SUCCESS;
}

int MPI_Iallgather(const void* value, int count, MPI_Datatype type, void* values, int, MPI_Datatype,
                   MPI_Comm ranks, MPI_Request* request) {
  const std::size_t size = size_of(count, type), all = size * group_of(ranks).members.size();
  *request = join(ranks, value, values, all, [&](std::span<const Collective::Part> parts) {
    for (std::size_t rank = 0; rank < parts.size(); ++rank)
      std::memcpy(parts.front().to + rank * size, parts[rank].from, size);
    for (const Collective::Part& part : parts.subspan(1)) std::memcpy(part.to, parts.front().to, all);
  });
  return MPI_SUCCESS;
}

int MPI_Igather(const void* value, int count, MPI_Datatype type, void* values, int, MPI_Datatype, int root,
                MPI_Comm ranks, MPI_Request* request) {
  Group& group = group_of(ranks);
  const std::size_t size = size_of(count, type);
  const std::size_t got = rank_in(group) == root ? size * group.members.size() : 0;
  *request = join(ranks, value, values, got, [&](std::span<const Collective::Part> parts) {
    for (std::size_t rank = 0; rank < parts.size(); ++rank)
      std::memcpy(parts[static_cast<std::size_t>(root)].to + rank * size, parts[rank].from, size);
  });
  return MPI_SUCCESS;
}

int MPI_Ialltoall(const void* values, int count, MPI_Datatype type, void* got, int, MPI_Datatype,
                  MPI_Comm ranks, MPI_Request* request) {
  const std::size_t size = size_of(count, type), all = size * group_of(ranks).members.size();
  *request = join(ranks, values, got, all, [&](std::span<const Collective::Part> parts) {
    for (std::size_t to = 0; to < parts.size(); ++to)
      for (std::size_t from = 0; from < parts.size(); ++from)
        std::memcpy(parts[to].to + from * size, parts[from].from + to * size, size);
  });
  return MPI_SUCCESS;
}

int MPI_Ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm ranks, MPI_Request* request) {
  const std::size_t size = size_of(count, type);
  *request = join(ranks, nullptr, data, size, [&](std::span<const Collective::Part> parts) {
    const std::byte* const all = parts[static_cast<std::size_t>(root)].to;
    for (const Collective::Part& part : parts)
      if (part.to != all) std::memcpy(part.to, all, size);
  });
  return MPI_SUCCESS;
}

}  // extern "C"
