/// A rank that leads a team, other than the root: takes orders, sends results.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "comm/communicator.hpp"
#include "core/stopwatch.hpp"
#include "farm/orders.hpp"
#include "farm/packet.hpp"
#include "farm/task_runner.hpp"
#include "farm/team_tally.hpp"

namespace orrery {

class Worker {
public:
  /// @param channel  of the farm
  Worker(const Communicator& channel, TaskRunner& runner);

  /// Works until the root says that there is nothing left.
  void run();

  const TeamTally& tally() const { return tally_; }

private:
  void look_for_orders();
  void take(const Message& message);
  void drop_all();
  void poll();
  void do_next();
  void send_results();

  const Communicator& channel_;
  TaskRunner& runner_;
  std::deque<TaskOrder> orders_;
  PacketWriter results_;
  std::vector<Request> sends_;
  TeamTally tally_;
  Stopwatch since_send_;
  Stopwatch since_look_;
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace orrery
