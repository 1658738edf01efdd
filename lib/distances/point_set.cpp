#include "distances/point_set.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace orrery {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Room behind a column for the widest register that begins at its last number.
constexpr std::size_t padding = 16;

/// The image of x in [0, edge). `fmod` is exact; only for negative x is there a rounding.
double folded(double x, double edge) {
  double rest = std::fmod(x, edge);
  if (rest < 0.0) rest += edge;
  return rest < edge ? rest + 0.0 : 0.0;
}

bool all_equal(const std::vector<double>& column) {
  return std::all_of(column.begin(), column.end(), [&](double x) { return x == column.front(); });
}

}  // namespace

PointSet::PointSet(std::vector<std::vector<double>> columns, std::vector<double> edges)
    : size_(std::ssize(columns.at(0))) {
  ensure(columns.size() <= 3, "points have one to three axes");
  ensure(edges.empty() || edges.size() == columns.size(), "a box has as many edges as points have axes");
  columns.resize(std::max<std::size_t>(columns.size(), 2), std::vector<double>(columns[0].size(), 0.0));
  edges.resize(columns.size(), 0.0);
  if (columns.size() == 3 && all_equal(columns[2])) columns.pop_back();
  axes_ = static_cast<int>(columns.size());
  edges_.fill(infinity);
  for (std::size_t axis = 0; axis < columns.size(); ++axis) {
    if (edges[axis] > 0.0) {
      periodic_ = true;
      edges_[axis] = edges[axis];
      for (double& x : columns[axis]) x = folded(x, edges[axis]);
    }
    columns_[axis].assign(columns[axis].begin(), columns[axis].end());
    columns_[axis].resize(columns[axis].size() + padding, 0.0);
  }
}

std::vector<double> PointSet::edges() const {
  std::vector<double> edges;
  for (int axis = 0; axis < axes_; ++axis) {
    const double edge = edges_[static_cast<std::size_t>(axis)];
    edges.push_back(edge == infinity ? 0.0 : edge);
  }
  return edges;
}

PointView PointSet::view() const {
  PointView view;
  for (std::size_t axis = 0; axis < 3; ++axis) view.columns[axis] = columns_[axis].data();
  view.edges = edges_;
  return view;
}

double PointSet::greatest_possible(Metric metric) const {
  if (size_ == 0) return 0.0;
  std::array<double, 3> d{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes_); ++axis) {
    const auto [least, most] = std::minmax_element(columns_[axis].begin(), columns_[axis].begin() + size_);
    d[axis] = std::min(*most - *least, edges_[axis]);
  }
  const double squares = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  switch (metric) {
    case Metric::squared:
      return squares;
    case Metric::chebyshev:
      return std::max({d[0], d[1], d[2]});
    case Metric::manhattan:
      return d[0] + d[1] + d[2];
    case Metric::euclidean:
      break;
  }
  return std::sqrt(squares);
}

std::vector<double> PointSet::interleaved() const {
  std::vector<double> numbers;
  numbers.reserve(static_cast<std::size_t>(size_ * axes_));
  for (std::size_t point = 0; point < static_cast<std::size_t>(size_); ++point) {
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes_); ++axis)
      numbers.push_back(columns_[axis][point]);
  }
  return numbers;
}

double least_raw_reaching(Metric metric, double distance) {
  if (metric != Metric::euclidean) return distance;
  double raw = distance * distance;
  while (raw > 0.0 && std::sqrt(std::nextafter(raw, 0.0)) >= distance) raw = std::nextafter(raw, 0.0);
  while (std::sqrt(raw) < distance) raw = std::nextafter(raw, infinity);
  return raw;
}

}  // namespace orrery
