#include "domain/ghost_exchange.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/in_parts.hpp"
#include "domain/image_shifts.hpp"

namespace orrery {
namespace {

/// Calls `visit(image, row, shift)` for some of the own particles that are images elsewhere, in order.
/// @param images  numbered from 0 on
template <class AllShifted, class Visit>
void for_images(const AllShifted& outgoing, Range images, const Visit& visit) {
  std::int64_t first = 0;
  for (const auto& shifted : outgoing) {
    const Range some = overlap(images, {first, first + std::ssize(shifted.rows)});
    for (std::int64_t image = some.begin; image < some.end; ++image)
      visit(static_cast<std::size_t>(image),
            static_cast<std::size_t>(shifted.rows[static_cast<std::size_t>(image - first)]), shifted.shift);
    first += std::ssize(shifted.rows);
  }
}

}  // namespace

/// Sorts the rows of all images in a box by how they are shifted; see `ShiftsOfImages`.
void GhostExchange::choose_for(const Bounds& there, bool is_own, std::size_t first, const PairRows& rows,
                               const Periods& periods, double reach2) {
  for (auto& chosen : chosen_)
    for (auto& shifted : chosen) shifted.clear();
  if (there.empty()) return;
  in_parts(static_cast<std::int64_t>(rows.owned()), threads_, [&](int part, Range range) {
    const ShiftsOfImages shifts_of_images(there, is_own, first, periods, reach2);
    Chosen& chosen = chosen_[static_cast<std::size_t>(part)];
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      shifts_of_images.visit(rows.position(row), [&](std::size_t number) {
        chosen[number].push_back(static_cast<std::int32_t>(row));
      });
    }
  });
}

std::vector<std::int32_t> GhostExchange::chosen(std::size_t number) const {
  std::vector<std::int32_t> all;
  for (const Chosen& part : chosen_) all.insert(all.end(), part[number].begin(), part[number].end());
  return all;
}

void GhostExchange::choose(const PairRows& rows, const Periods& periods, double reach, OwnImages own) {
  const Bounds mine = Bounds::of_rows(rows.position(0), rows.owned(), threads_);
  // Rounding must not lose an image that is exactly within reach.
  const double reach2 = reach * reach * (1.0 + 1e-12);
  chosen_.resize(static_cast<std::size_t>(threads_));
  for (Chosen& part : chosen_) part.resize(all_shifts);
  const std::size_t first = own == OwnImages::mirrored ? not_shifted_at_all + 1 : 0;
  own_ = chosen_for(ranks_.rank(), mine, first, rows, periods, reach2);
  peers_.clear();
  const std::vector<Bounds> bounds = ranks_.pull_everywhere(mine);
  for (int rank = 0; rank < ranks_.size(); ++rank) {
    const Bounds& there = bounds[static_cast<std::size_t>(rank)];
    if (rank != ranks_.rank() && may_be_near(mine, there, periods, reach2))
      peers_.push_back(chosen_for(rank, there, 0, rows, periods, reach2));
  }
}

GhostExchange::Peer GhostExchange::chosen_for(int rank, const Bounds& there, std::size_t first,
                                              const PairRows& rows, const Periods& periods, double reach2) {
  choose_for(there, rank == ranks_.rank(), first, rows, periods, reach2);
  counts_.tests += static_cast<std::int64_t>(rows.owned());
  Peer peer;
  peer.rank = rank;
  for (std::size_t number = first; number < all_shifts; ++number) {
    std::vector<std::int32_t> shifted = chosen(number);
    if (shifted.empty()) continue;
    peer.outgoing_count += std::ssize(shifted);
    peer.outgoing.push_back({.shift = shift_of(number, periods), .rows = std::move(shifted)});
  }
  return peer;
}

/// Tells peers how many ghosts go to them. A rank has the same peers as they have it: whether two may be near
/// is the same for both.
void GhostExchange::exchange_counts() {
  std::vector<Request> requests;
  for (Peer& peer : peers_) {
    requests.push_back(ranks_.start_receive(std::as_writable_bytes(std::span(&peer.incoming_count, 1)),
                                            peer.rank, Tag::ghost_counts));
  }
  for (const Peer& peer : peers_)
    ranks_.send(std::as_bytes(std::span(&peer.outgoing_count, 1)), peer.rank, Tag::ghost_counts);
  for (Request& request : requests) request.wait();
}

void GhostExchange::set_up(PairRows& rows, const Periods& periods, double reach, OwnImages own,
                           GhostContents contents) {
  choose(rows, periods, reach, own);
  exchange_counts();
  ++counts_.set_ups;
  std::size_t next = rows.first_image() + static_cast<std::size_t>(own_.outgoing_count);
  own_.first_row = rows.first_image();
  for (auto& peer : peers_) {
    peer.first_row = next;
    next += static_cast<std::size_t>(peer.incoming_count);
  }
  std::erase_if(peers_,
                [](const Peer& peer) { return peer.outgoing_count == 0 && peer.incoming_count == 0; });
  std::vector<std::int32_t> mirrored;
  if (own == OwnImages::mirrored) {
    for (const auto& shifted : own_.outgoing)
      mirrored.insert(mirrored.end(), shifted.rows.begin(), shifted.rows.end());
  }
  const std::size_t images = next - rows.first_image();
  rows.resize_images(images, std::move(mirrored), images - static_cast<std::size_t>(own_.outgoing_count));
  set_up_messages(contents == GhostContents::positions ? 3 : 6);
}

/// The fourth number of a row stays where it is: it means nothing, and the others travel faster without it,
/// unpacking included (2,000 to 6,000 rows between two ranks of a node: by up to 16 %).
void GhostExchange::set_up_messages(std::size_t numbers) {
  for (auto& peer : peers_) {
    peer.to_send->resize(numbers * static_cast<std::size_t>(peer.outgoing_count));
    peer.received.resize(numbers * static_cast<std::size_t>(peer.incoming_count));
    peer.send =
        ranks_.repeat_send(std::as_bytes(std::span(*peer.to_send)), peer.rank, Tag::ghosts, peer.to_send);
    peer.receive =
        ranks_.repeat_receive(std::as_writable_bytes(std::span(peer.received)), peer.rank, Tag::ghosts);
  }
}

void GhostExchange::pack(Peer& peer) const {
  const std::size_t numbers = displacement_ == nullptr ? 3 : 6;
  in_parts(peer.outgoing_count, threads_, [&](int, Range range) {
    for_images(peer.outgoing, range,
               [&](std::size_t image, std::size_t row, const std::array<double, 3>& shift) {
                 double* to = peer.to_send->data() + numbers * image;
                 const double* const position = rows_->position(row);
                 for (std::size_t axis = 0; axis < 3; ++axis) *to++ = position[axis] + shift[axis];
                 if (displacement_ != nullptr) std::copy_n(displacement_ + PairRows::width * row, 3, to);
               });
  });
}

void GhostExchange::unpack(const Peer& peer) const {
  const std::size_t numbers = displacement_ == nullptr ? 3 : 6;
  in_parts(peer.incoming_count, threads_, [&](int, Range range) {
    const double* from = peer.received.data() + numbers * static_cast<std::size_t>(range.begin);
    const auto first = peer.first_row + static_cast<std::size_t>(range.begin);
    for (std::size_t row = first; row < first + static_cast<std::size_t>(range.size()); ++row) {
      from = put(from, rows_->position(row));
      if (displacement_ != nullptr) from = put(from, displacement_ + PairRows::width * row);
    }
  });
}

/// Sets a row. @return what follows its numbers
const double* GhostExchange::put(const double* from, double* row) {
  std::copy_n(from, 3, row);
  row[3] = 0.0;
  return from + 3;
}

void GhostExchange::write_own_images() const {
  in_parts(own_.outgoing_count, threads_, [&](int, Range range) {
    for_images(own_.outgoing, range,
               [&](std::size_t number, std::size_t row, const std::array<double, 3>& shift) {
                 const std::size_t image = own_.first_row + number;
                 const double* const position = rows_->position(row);
                 double* const to = rows_->position(image);
                 for (std::size_t axis = 0; axis < 3; ++axis) to[axis] = position[axis] + shift[axis];
                 to[3] = 0.0;
                 if (displacement_ != nullptr)
                   put(displacement_ + PairRows::width * row, displacement_ + PairRows::width * image);
               });
  });
}

void GhostExchange::post_receives() {
  for (auto& peer : peers_) peer.receive.start();
  are_posted_ = true;
}

void GhostExchange::cancel_receives() {
  for (auto& peer : peers_) peer.receive.cancel();
  are_posted_ = false;
}

void GhostExchange::start(PairRows& rows, double* displacement) {
  rows_ = &rows;
  displacement_ = displacement;
  to_unpack_ = to_be_sent_ = peers_.size();
  if (!are_posted_) post_receives();
  are_posted_ = false;
  for (auto& peer : peers_) {
    pack(peer);
    peer.send.start();
  }
  write_own_images();
  count();
}

void GhostExchange::count() {
  ++counts_.exchanges;
  counts_.peers += std::ssize(peers_);
  for (const Peer& peer : peers_) {
    counts_.messages += peer.outgoing_count > 0 ? 1 : 0;
    counts_.bytes += static_cast<std::int64_t>(peer.to_send->size() * sizeof(double));
    counts_.ghosts += peer.incoming_count;
  }
}

void GhostExchange::update(PairRows& rows, double* displacement) {
  start(rows, displacement);
  finish();
}

bool GhostExchange::test() noexcept {
  try {
    // A test of one message lets all others make progress.
    for (; !failure_ && to_unpack_ > 0; --to_unpack_) {
      Peer& peer = peers_[to_unpack_ - 1];
      if (!peer.receive.done()) return false;
      unpack(peer);
    }
    while (!failure_ && to_be_sent_ > 0 && peers_[to_be_sent_ - 1].send.done()) --to_be_sent_;
  } catch (...) {
    failure_ = std::current_exception();
  }
  return true;
}

void GhostExchange::wait_ready() noexcept {
  try {
    for (; !failure_ && to_unpack_ > 0; --to_unpack_) {
      Peer& peer = peers_[to_unpack_ - 1];
      peer.receive.wait();
      unpack(peer);
    }
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void GhostExchange::finish() {
  wait_ready();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  for (; to_be_sent_ > 0; --to_be_sent_) peers_[to_be_sent_ - 1].send.wait();
}

std::size_t GhostExchange::bytes() const {
  std::size_t bytes = 0;
  for (const Chosen& part : chosen_) bytes += bytes_of(part);
  const auto add = [&bytes](const Peer& peer) {
    bytes += (peer.to_send->capacity() + peer.received.capacity()) * sizeof(double);
    for (const auto& shifted : peer.outgoing) bytes += shifted.rows.capacity() * sizeof(std::int32_t);
  };
  add(own_);
  for (const auto& peer : peers_) add(peer);
  return bytes;
}

}  // namespace orrery
