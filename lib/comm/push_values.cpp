#include "comm/push_values.hpp"

#include <string>

#include "core/error.hpp"

namespace orrery {

void push_values(const Communicator& ranks, const OptionSet& options) {
  for (const auto& option : options.options()) {
    std::string value = option.text();
    ranks.push(value);
    ensure(option.assign(value), "an option's text does not read back");
  }
}

void set_on_root(const Communicator& ranks, const OptionSet& options, const std::function<void()>& set) {
  ranks.apply([&] {
    if (ranks.is_root()) set();
  });
  push_values(ranks, options);
}

}  // namespace orrery
