#include "sweep/sweep_plan.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "farm/journal.hpp"
#include "particles/random_numbers.hpp"

namespace orrery {
namespace {

constexpr std::int64_t most_members = 1'000'000;

[[noreturn]] void refuse(const std::string& text, const std::string& problem) {
  throw Error(ExitCode::usage, "option --vary " + text + ": " + problem +
                                   "; it is written KEY=v1,v2,... or KEY=start:stop:count");
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char letter : text) {
    if (letter == separator) {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

std::vector<std::string> numbers_between(const std::string& text, const std::vector<std::string>& parts) {
  const auto start = parse_double(parts[0]);
  const auto stop = parse_double(parts[1]);
  const auto count = parse_count(parts[2]);
  if (!start || !stop || !count || *count < 2 || *count > static_cast<std::uint64_t>(most_members))
    refuse(text, "a range takes two numbers and a count of 2 at least");
  std::vector<std::string> values;
  const double last = static_cast<double>(*count - 1);
  for (std::uint64_t at = 0; at < *count; ++at) {
    // Both ends exactly; and what is whole in decimal stays so as far as it can.
    const double fraction = static_cast<double>(at) / last;
    values.push_back(to_text(at == *count - 1 ? *stop : *start * (1.0 - fraction) + *stop * fraction));
  }
  return values;
}

}  // namespace

Variation parse_variation(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) refuse(text, "no key");
  Variation variation{text.substr(0, equals), {}};
  const std::string values = text.substr(equals + 1);
  const auto parts = split(values, ':');
  variation.values = parts.size() == 3 ? numbers_between(text, parts) : split(values, ',');
  for (const auto& value : variation.values) {
    if (value.empty()) refuse(text, "an empty value");
    if (std::count(variation.values.begin(), variation.values.end(), value) > 1)
      refuse(text, "the value " + value + " is given twice");
  }
  return variation;
}

std::uint64_t seed_of_member(std::string_view key, std::uint64_t base_seed, std::int64_t index) {
  // Draw 0, so that sweeps of before keep their seeds.
  const std::uint32_t draw = key == first_seed ? 0 : crc32(key);
  return random_bits({base_seed, static_cast<std::uint32_t>(Purpose::sweep_seed), draw},
                     static_cast<std::uint64_t>(index))[0] >>
         11U;
}

SweepPlan::SweepPlan(std::vector<Variation> variations, std::int64_t replicas)
    : variations_(std::move(variations)), replicas_(replicas), count_(replicas) {
  for (std::size_t at = 0; at < variations_.size(); ++at) {
    const auto& variation = variations_[at];
    for (std::size_t before = 0; before < at; ++before) {
      if (variations_[before].key == variation.key)
        throw Error(ExitCode::usage, "option --vary: " + variation.key + " is varied twice");
    }
    count_ *= std::ssize(variation.values);
    if (count_ > most_members)
      throw Error(ExitCode::usage,
                  "a sweep has at most " + std::to_string(most_members) + " members; vary less");
  }
}

SweepMember SweepPlan::member(std::int64_t index) const {
  SweepMember member{.index = index, .values = {}, .replica = index % replicas_};
  std::int64_t rest = index / replicas_;
  for (auto variation = variations_.rbegin(); variation != variations_.rend(); ++variation) {
    const auto count = std::ssize(variation->values);
    member.values.emplace_back(variation->key, variation->values[static_cast<std::size_t>(rest % count)]);
    rest /= count;
  }
  std::reverse(member.values.begin(), member.values.end());
  return member;
}

std::string SweepPlan::directory_of(std::int64_t index) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "run-%06lld", static_cast<long long>(index));
  return name.data();
}

}  // namespace orrery
