/// Whether the address sanitizer watches this program: its allocator ends a program that wants too much
/// memory, and it ends one whose libraries read beyond their buffers. Tests of either are skipped then.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define ORRERY_TEST_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ORRERY_TEST_ADDRESS_SANITIZER 1
#endif
#endif

namespace orrery {

#if defined(ORRERY_TEST_ADDRESS_SANITIZER)
constexpr bool is_under_address_sanitizer = true;
#else
constexpr bool is_under_address_sanitizer = false;
#endif

}  // namespace orrery
