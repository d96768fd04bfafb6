// Compression as archives carry it: exactly one frame, and the same bytes for the same input.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace exitgate::archive {

enum class Coding { zstd, gzip };

// The libraries whose releases decide the compressed bytes: "zstd 1.5.4, zlib 1.2.13".
std::string compressors();

using Sink = std::function<void(std::string_view)>;

class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void write(std::string_view piece) = 0;
  virtual void finish() = 0;
};

// `threads` helps zstd and changes no byte of its output.
std::unique_ptr<Encoder> make_encoder(Coding coding, Sink sink, int threads);

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Throws VerificationError: damaged, another frame behind the first, something that is not a frame.
  virtual void feed(std::string_view piece) = 0;
  // Throws VerificationError when the input ended early.
  virtual void finish() = 0;
};

// Holds at most 8 MiB of history, whatever the input asks for.
std::unique_ptr<Decoder> make_decoder(Coding coding, Sink sink);

}  // namespace exitgate::archive
