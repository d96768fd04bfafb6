#include "harness/archive/codec.h"

#include <fmt/core.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "harness/base/verification_error.h"

namespace exitgate::archive {

namespace {

// All of these decide the bytes of an archive: the same for everyone.
constexpr int kZstdLevel = 2;
constexpr int kZstdWindowLog = 21;
constexpr int kZstdJobSize = 1 << 21;
constexpr int kZstdOverlapLog = 5;
constexpr int kZstdLargestWindowLog = 23;
constexpr int kGzipLevel = 6;

class ZstdEncoder : public Encoder {
 public:
  ZstdEncoder(Sink sink, int threads)
      : sink_(std::move(sink)), context_(ZSTD_createCCtx()), buffer_(ZSTD_CStreamOutSize()) {
    set(ZSTD_c_compressionLevel, kZstdLevel);
    set(ZSTD_c_windowLog, kZstdWindowLog);
    set(ZSTD_c_checksumFlag, 1);
    set(ZSTD_c_contentSizeFlag, 0);
    // One worker gives the bytes of many; none gives others.
    if (ZSTD_isError(ZSTD_CCtx_setParameter(context_, ZSTD_c_nbWorkers, threads < 1 ? 1 : threads)) != 0U) {
      throw Undecided(
          "this machine's zstd is built without threads, so its archives would differ from everyone else's",
          "install libzstd as Debian builds it, or seal as .tar.gz");
    }
    set(ZSTD_c_jobSize, kZstdJobSize);
    set(ZSTD_c_overlapLog, kZstdOverlapLog);
  }
  ~ZstdEncoder() override { ZSTD_freeCCtx(context_); }
  ZstdEncoder(const ZstdEncoder&) = delete;
  ZstdEncoder& operator=(const ZstdEncoder&) = delete;

  void write(std::string_view piece) override {
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    while (in.pos < in.size) step(in, ZSTD_e_continue);
  }
  void finish() override {
    ZSTD_inBuffer in{nullptr, 0, 0};
    while (step(in, ZSTD_e_end) != 0) {
    }
  }

 private:
  void set(ZSTD_cParameter parameter, int value) {
    const std::size_t result = ZSTD_CCtx_setParameter(context_, parameter, value);
    if (ZSTD_isError(result) != 0U) throw Undecided(fmt::format("zstd: {}", ZSTD_getErrorName(result)));
  }
  std::size_t step(ZSTD_inBuffer& in, ZSTD_EndDirective directive) {
    ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
    const std::size_t left = ZSTD_compressStream2(context_, &out, &in, directive);
    if (ZSTD_isError(left) != 0U) throw Undecided(fmt::format("zstd: {}", ZSTD_getErrorName(left)));
    if (out.pos > 0) sink_({buffer_.data(), out.pos});
    return left;
  }

  Sink sink_;
  ZSTD_CCtx* context_;
  std::vector<char> buffer_;
};

class GzipEncoder : public Encoder {
 public:
  explicit GzipEncoder(Sink sink) : sink_(std::move(sink)), buffer_(1 << 17) {
    // 16: a gzip frame, whose header zlib writes without name and time.
    if (deflateInit2(&stream_, kGzipLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw Undecided("zlib does not start");
    }
  }
  ~GzipEncoder() override { deflateEnd(&stream_); }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  void write(std::string_view piece) override {
    while (!piece.empty()) {
      const std::size_t take = std::min<std::size_t>(piece.size(), 1U << 30);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      stream_.avail_in = static_cast<uInt>(take);
      while (stream_.avail_in > 0) step(Z_NO_FLUSH);
      piece.remove_prefix(take);
    }
  }
  void finish() override {
    while (step(Z_FINISH) != Z_STREAM_END) {
    }
  }

 private:
  int step(int flush) {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int result = deflate(&stream_, flush);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) throw Undecided("zlib broke off");
    const std::size_t made = buffer_.size() - stream_.avail_out;
    if (made > 0) sink_({buffer_.data(), made});
    return result;
  }

  Sink sink_;
  z_stream stream_{};
  std::vector<char> buffer_;
};

class ZstdDecoder : public Decoder {
 public:
  explicit ZstdDecoder(Sink sink) : sink_(std::move(sink)), context_(ZSTD_createDCtx()), buffer_(1 << 18) {
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kZstdLargestWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  void feed(std::string_view piece) override {
    if (piece.empty()) return;
    if (magic_.size() < 4) {
      magic_ += piece.substr(0, 4 - magic_.size());
      if (std::string_view("\x28\xb5\x2f\xfd").substr(0, magic_.size()) != magic_) {
        throw VerificationError("it does not begin as zstd does");
      }
    }
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    while (in.pos < in.size || more_) {
      if (ended_) {
        if (in.pos == in.size) return;
        throw VerificationError("something stands behind the end of the zstd frame",
                                "a second archive was put behind the first");
      }
      ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
      const std::size_t hint = ZSTD_decompressStream(context_, &out, &in);
      if (ZSTD_isError(hint) != 0U) {
        throw VerificationError(fmt::format("the compressed data is damaged: {}", ZSTD_getErrorName(hint)));
      }
      more_ = out.pos == out.size;
      if (hint == 0) {
        ended_ = true;
        more_ = false;
      }
      if (out.pos > 0) sink_({buffer_.data(), out.pos});
    }
  }
  void finish() override {
    if (!ended_) throw VerificationError("the archive is cut off: the compressed data has no end");
  }

 private:
  Sink sink_;
  ZSTD_DCtx* context_;
  std::vector<char> buffer_;
  std::string magic_;
  bool more_ = false;  // the output buffer was full: there may be more without more input
  bool ended_ = false;
};

class GzipDecoder : public Decoder {
 public:
  explicit GzipDecoder(Sink sink) : sink_(std::move(sink)), buffer_(1 << 18) {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw Undecided("zlib does not start");
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  void feed(std::string_view piece) override {
    // The header as deflate writes it: no name, no comment, no time, in which anything could hide.
    if (header_.size() < 10) {
      header_ += piece.substr(0, 10 - header_.size());
      const std::string_view expected("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
      if (expected.substr(0, header_.size()) != header_)
        throw VerificationError("its gzip header is not as seal writes it");
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    bool full = false;
    while (stream_.avail_in > 0 || full) {
      if (ended_) {
        if (stream_.avail_in == 0) return;
        throw VerificationError("something stands behind the end of the gzip frame",
                                "a second archive was put behind the first");
      }
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t made = buffer_.size() - stream_.avail_out;
      if (result == Z_STREAM_END) {
        ended_ = true;
      } else if (result == Z_BUF_ERROR && made == 0) {
        if (stream_.avail_in == 0) return;
        throw VerificationError("the compressed data is damaged");
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        throw VerificationError(fmt::format("the compressed data is damaged: {}",
                                            stream_.msg != nullptr ? stream_.msg : "unreadable"));
      }
      full = stream_.avail_out == 0 && !ended_;
      if (made > 0) sink_({buffer_.data(), made});
    }
  }
  void finish() override {
    if (!ended_) throw VerificationError("the archive is cut off: the compressed data has no end");
  }

 private:
  Sink sink_;
  z_stream stream_{};
  std::vector<char> buffer_;
  std::string header_;
  bool ended_ = false;
};

}  // namespace

std::string compressors() {
  return fmt::format("zstd {}, zlib {}", ZSTD_versionString(), zlibVersion());
}

std::unique_ptr<Encoder> make_encoder(Coding coding, Sink sink, int threads) {
  if (coding == Coding::zstd) return std::make_unique<ZstdEncoder>(std::move(sink), threads);
  return std::make_unique<GzipEncoder>(std::move(sink));
}

std::unique_ptr<Decoder> make_decoder(Coding coding, Sink sink) {
  if (coding == Coding::zstd) return std::make_unique<ZstdDecoder>(std::move(sink));
  return std::make_unique<GzipDecoder>(std::move(sink));
}

}  // namespace exitgate::archive
