#include "domain/image_exchange.hpp"

#include <algorithm>
#include <span>

namespace orrery {
namespace {

/// Calls `visit(shift)` for all combinations of -1, 0 and 1 period along the periodic axes.
template <class Visit>
void for_shifts(const Periods& periods, const Visit& visit) {
  std::array<double, 3> shift{};
  for (int z = -1; z <= 1; ++z)
    for (int y = -1; y <= 1; ++y)
      for (int x = -1; x <= 1; ++x) {
        const std::array<int, 3> times{x, y, z};
        bool is_new = true;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          is_new = is_new && (times[axis] == 0 || periods[axis] > 0.0);
          shift[axis] = times[axis] * periods[axis];
        }
        if (is_new) visit(shift, x == 0 && y == 0 && z == 0);
      }
}

Bounds shifted_by(Bounds bounds, const std::array<double, 3>& shift) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    bounds.low[axis] += shift[axis];
    bounds.high[axis] += shift[axis];
  }
  return bounds;
}

std::span<const std::byte> bytes_of_rows(const double* rows, std::size_t count) {
  return std::as_bytes(std::span(rows, PairRows::width * count));
}

}  // namespace

void ImageExchange::choose(const PairRows& rows, const Periods& periods, double reach) {
  const Bounds mine = Bounds::of_rows(rows.position(0), rows.owned());
  const std::vector<Bounds> bounds = ranks_.pull_everywhere(mine);
  // Rounding must not lose an image that is exactly within reach.
  const double reach2 = reach * reach * (1.0 + 1e-12);
  peers_.clear();
  own_ = {};
  for (int rank = 0; rank < ranks_.size(); ++rank) {
    const Bounds& there = bounds[static_cast<std::size_t>(rank)];
    Peer peer{.rank = rank, .outgoing = {}, .buffer = {}};
    for_shifts(periods, [&](const std::array<double, 3>& shift, bool is_unshifted) {
      if (rank == ranks_.rank() && is_unshifted) return;
      if (shifted_by(mine, shift).distance2(there) > reach2) return;
      Shifted shifted{.shift = shift, .rows = {}};
      for (std::size_t row = 0; row < rows.owned(); ++row) {
        const double* const p = rows.position(row);
        const std::array<double, 3> at{p[0] + shift[0], p[1] + shift[1], p[2] + shift[2]};
        if (Bounds{at, at}.distance2(there) <= reach2) shifted.rows.push_back(static_cast<std::int32_t>(row));
      }
      if (shifted.rows.empty()) return;
      peer.outgoing_count += shifted.rows.size();
      peer.outgoing.push_back(std::move(shifted));
    });
    if (rank == ranks_.rank()) {
      own_ = std::move(peer);
    } else {
      peers_.push_back(std::move(peer));
    }
  }
}

void ImageExchange::set_up(PairRows& rows, const Periods& periods, double reach) {
  choose(rows, periods, reach);
  std::vector<std::int64_t> outgoing(static_cast<std::size_t>(ranks_.size()), 0);
  for (const auto& peer : peers_)
    outgoing[static_cast<std::size_t>(peer.rank)] = static_cast<std::int64_t>(peer.outgoing_count);
  const auto incoming = ranks_.exchange(outgoing);
  std::size_t next = rows.first_image() + own_.outgoing_count;
  own_.first_row = rows.first_image();
  sent_ = 0;
  for (auto& peer : peers_) {
    peer.first_row = next;
    peer.incoming_count = static_cast<std::size_t>(incoming[static_cast<std::size_t>(peer.rank)]);
    next += peer.incoming_count;
    sent_ += static_cast<std::int64_t>(peer.outgoing_count);
    peer.buffer.resize(PairRows::width * peer.outgoing_count);
  }
  std::erase_if(peers_,
                [](const Peer& peer) { return peer.outgoing_count == 0 && peer.incoming_count == 0; });
  rows.resize_images(next - rows.first_image());
  update(rows);
}

double* ImageExchange::write(const Shifted& shifted, const PairRows& rows, double* to) {
  for (const std::int32_t row : shifted.rows) {
    const double* const p = rows.position(static_cast<std::size_t>(row));
    to[0] = p[0] + shifted.shift[0];
    to[1] = p[1] + shifted.shift[1];
    to[2] = p[2] + shifted.shift[2];
    to[3] = 0.0;
    to += PairRows::width;
  }
  return to;
}

void ImageExchange::update(PairRows& rows) {
  std::vector<Request> requests;
  for (auto& peer : peers_) {
    if (peer.incoming_count == 0) continue;
    const auto room = std::as_writable_bytes(
        std::span(rows.position(peer.first_row), PairRows::width * peer.incoming_count));
    requests.push_back(ranks_.start_receive(room, peer.rank, Tag::images));
  }
  for (auto& peer : peers_) {
    if (peer.outgoing_count == 0) continue;
    double* to = peer.buffer.data();
    for (const auto& shifted : peer.outgoing) to = write(shifted, rows, to);
    requests.push_back(
        ranks_.start_send(bytes_of_rows(peer.buffer.data(), peer.outgoing_count), peer.rank, Tag::images));
  }
  double* to = rows.position(own_.first_row);
  for (const auto& shifted : own_.outgoing) to = write(shifted, rows, to);
  for (auto& request : requests) request.wait();
}

std::size_t ImageExchange::bytes() const {
  std::size_t bytes = 0;
  const auto add = [&bytes](const Peer& peer) {
    bytes += peer.buffer.capacity() * sizeof(double);
    for (const auto& shifted : peer.outgoing) bytes += shifted.rows.capacity() * sizeof(std::int32_t);
  };
  add(own_);
  for (const auto& peer : peers_) add(peer);
  return bytes;
}

}  // namespace orrery
