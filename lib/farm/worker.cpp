#include "farm/worker.hpp"

#include "core/backoff.hpp"

namespace orrery {
namespace {

// Short tasks are reported together; the root waits no longer than this for a result that is there [s].
constexpr double between_sends = 1e-3;
constexpr double between_looks = 100e-6;

}  // namespace

Worker::Worker(const Communicator& channel, TaskRunner& runner) : channel_(channel), runner_(runner) {}

void Worker::run() {
  while (!ended_) {
    if (!orders_.empty()) {
      do_next();
      continue;
    }
    send_results();
    const IdleTime idle(tally_);
    Backoff backoff;
    look_for_orders();
    while (orders_.empty() && results_.empty() &&
           !ended_) {  // orders that were cancelled at once are reported
      backoff.rest();
      look_for_orders();
    }
  }
  runner_.dismiss();
  for (auto& send : sends_) send.wait();
}

void Worker::look_for_orders() {
  channel_.check_alarm();
  while (const auto message = channel_.take_message(Tag::farm_order)) take(*message);
  since_look_.restart();
}

void Worker::take(const Message& message) {
  PacketReader packet(message.data);
  const auto kind = packet.get<OrderKind>();
  while (!packet.at_end()) orders_.push_back(packet.get<TaskOrder>());
  ended_ = ended_ || kind == OrderKind::end;
  cancelled_ = cancelled_ || kind == OrderKind::cancel;
  if (cancelled_) drop_all();
}

void Worker::drop_all() {
  for (const auto& order : orders_)
    TaskOutcome{.task = order.task, .fate = TaskFate::dropped}.put_into(results_);
  orders_.clear();
}

void Worker::poll() {
  look_for_orders();
  if (since_send_.seconds() > between_sends) send_results();
  std::erase_if(sends_, [](Request& send) { return send.done(); });
  if (cancelled_) throw TaskStopped("the farm is cancelled");
}

void Worker::do_next() {
  const TaskOrder order = orders_.front();
  orders_.pop_front();
  TaskOutcome outcome = runner_.run(order, [this] { poll(); });
  tally_.add(outcome);
  if (cancelled_ && outcome.fate == TaskFate::failed) outcome.fate = TaskFate::dropped;
  outcome.put_into(results_);
  if (since_look_.seconds() > between_looks) look_for_orders();
  if (since_send_.seconds() > between_sends) send_results();
}

void Worker::send_results() {
  if (results_.empty()) return;
  std::erase_if(sends_, [](Request& send) { return send.done(); });
  sends_.push_back(channel_.start_message(results_.take(), 0, Tag::farm_result));
  since_send_.restart();
}

}  // namespace orrery
