/// What is said where memory runs out, in this program or in a library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>

#include "core/error.hpp"

namespace orrery {

/// Keeps some address space back, which is free again as soon as `message_of` has to say that memory ran out:
/// what says so, and what ends other ranks then, needs some. For the beginning of a program; where there is
/// none even then, none is kept.
void keep_memory_for_words() noexcept;

/// Notes what this process is about to take in all [bytes], for the message should there be less.
void note_memory_need(std::uint64_t bytes);

/// "out of memory: the run takes about 345.2 MiB on each rank, and 12.1 MiB are available ...; use ..."
std::string out_of_memory_text();

/// A library that has no exceptions ran out of memory.
class OutOfMemory : public Error {
public:
  /// @param what  what could not be done
  explicit OutOfMemory(const std::string& what);
};

/// Looks whether so much address space can be had, before a library is called that would end the program
/// without a word where it gets none.
/// @param what  what could not be done
/// @throws OutOfMemory
void require_memory(std::size_t bytes, const std::string& what);

/// What to say of a caught exception: its own words, but where it is one of the standard library's that says
/// no more than that there is no memory, or no room for another thread. Throws nothing: with no memory even
/// for the words, they are few.
std::string message_of(const std::exception& failure) noexcept;

}  // namespace orrery
