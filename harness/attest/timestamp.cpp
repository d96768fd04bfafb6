#include "harness/attest/timestamp.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

#include "harness/attest/openssl.h"
#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/base/verification_error.h"
#include "harness/redact/redactor.h"

namespace exitgate::attest {

namespace {

using Request = std::unique_ptr<TS_REQ, Release<TS_REQ, TS_REQ_free>>;
using Response = std::unique_ptr<TS_RESP, Release<TS_RESP, TS_RESP_free>>;
using Verification = std::unique_ptr<TS_VERIFY_CTX, Release<TS_VERIFY_CTX, TS_VERIFY_CTX_free>>;
using Bytes = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;

std::array<unsigned char, 32> digest_of(std::string_view content) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw Undecided("SHA-256 failed");
  }
  return digest;
}

Response parse(std::string_view answer) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(answer.data());
  const auto* const end = bytes + answer.size();
  Response response(d2i_TS_RESP(nullptr, &bytes, static_cast<long>(answer.size())));
  if (!response || bytes != end) {
    ERR_clear_error();
    throw VerificationError("the timestamp is not a response of a time-stamping authority");
  }
  return response;
}

// Checks the answer against the content: status, digest. The signature is checked by verify_timestamp alone.
void check_imprint(TS_RESP* response, std::string_view content) {
  const TS_STATUS_INFO* status = TS_RESP_get_status_info(response);
  const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  if (code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS) {
    throw VerificationError(fmt::format("the authority did not grant the timestamp (status {})", code));
  }
  TS_TST_INFO* info = TS_RESP_get_tst_info(response);
  TS_MSG_IMPRINT* imprint = info != nullptr ? TS_TST_INFO_get_msg_imprint(info) : nullptr;
  const ASN1_OCTET_STRING* stamped = imprint != nullptr ? TS_MSG_IMPRINT_get_msg(imprint) : nullptr;
  const auto digest = digest_of(content);
  if (stamped == nullptr || ASN1_STRING_length(stamped) != static_cast<int>(digest.size()) ||
      !std::equal(digest.begin(), digest.end(), ASN1_STRING_get0_data(stamped))) {
    throw VerificationError("the timestamp is about another attestation");
  }
}

// An answer that was recorded earlier has another nonce than the request. Only who sent the request can tell.
void check_nonce(TS_RESP* response, std::string_view sent) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(sent.data());
  const Request request(d2i_TS_REQ(nullptr, &bytes, static_cast<long>(sent.size())));
  const ASN1_INTEGER* asked = request ? TS_REQ_get_nonce(request.get()) : nullptr;
  const ASN1_INTEGER* answered = TS_TST_INFO_get_nonce(TS_RESP_get_tst_info(response));
  if (asked == nullptr || answered == nullptr || ASN1_INTEGER_cmp(asked, answered) != 0) {
    throw VerificationError("the answer is to another request: its nonce is not the one that was sent");
  }
}

// In seconds since 1970.
std::int64_t time_of(TS_RESP* response) {
  struct tm time {};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(TS_RESP_get_tst_info(response)), &time) != 1) {
    throw VerificationError("the timestamp says no time");
  }
  using namespace std::chrono;
  const sys_days date(year(time.tm_year + 1900) / (time.tm_mon + 1) / time.tm_mday);
  const sys_seconds moment = date + hours(time.tm_hour) + minutes(time.tm_min) + seconds(time.tm_sec);
  return moment.time_since_epoch().count();
}

}  // namespace

std::string timestamp_request(std::string_view content) {
  const Request request(TS_REQ_new());
  TS_MSG_IMPRINT* imprint = TS_MSG_IMPRINT_new();
  X509_ALGOR* algorithm = X509_ALGOR_new();
  X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  TS_MSG_IMPRINT_set_algo(imprint, algorithm);
  auto digest = digest_of(content);
  TS_MSG_IMPRINT_set_msg(imprint, digest.data(), static_cast<int>(digest.size()));
  TS_REQ_set_version(request.get(), 1);
  TS_REQ_set_msg_imprint(request.get(), imprint);
  std::uint64_t random = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&random), sizeof random) != 1) {
    throw Undecided(fmt::format("no random number for the timestamp request: {}", openssl_reason()));
  }
  ASN1_INTEGER* nonce = ASN1_INTEGER_new();
  ASN1_INTEGER_set_uint64(nonce, random);
  TS_REQ_set_nonce(request.get(), nonce);
  TS_REQ_set_cert_req(request.get(), 1);
  ASN1_INTEGER_free(nonce);
  X509_ALGOR_free(algorithm);
  TS_MSG_IMPRINT_free(imprint);
  unsigned char* bytes = nullptr;
  const int size = i2d_TS_REQ(request.get(), &bytes);
  if (size <= 0) throw Undecided(fmt::format("cannot write a timestamp request: {}", openssl_reason()));
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string fetch_timestamp(const std::string& url, std::string_view content) {
  const std::string shown = redact::without_credentials(url);
  if (!find_program("curl"))
    throw UsageError("curl is not installed, and timestamps are fetched by it", "install curl");
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    throw UsageError(fmt::format("'{}' is not a URL of a time-stamping authority", shown),
                     "give an http or https URL");
  }
  const std::string request = timestamp_request(content);
  const auto finished =
      run({.arguments = {"curl", "--silent", "--show-error", "--fail", "--max-time", "30", "--proto",
                         "=http,https", "--header", "Content-Type: application/timestamp-query",
                         "--data-binary", "@-", "--", url},
           .input = request,
           .limit = std::chrono::seconds(40)});
  if (!finished.ok()) {
    redact::Redactor redactor;
    redactor.add_url(url);
    const std::string said(trim(finished.error));
    throw Undecided(fmt::format("no timestamp from {}: {}", shown,
                                said.empty() ? finished.outcome() : redactor.redact(said)),
                    "the archive and its attestation are sealed; seal again for a timestamp");
  }
  try {
    const auto response = parse(finished.output);
    check_imprint(response.get(), content);
    check_nonce(response.get(), request);
  } catch (const VerificationError& error) {
    throw Undecided(fmt::format("no timestamp from {}: {}", shown, error.what()));
  }
  return finished.output;
}

Timestamp verify_timestamp(std::string_view answer, std::string_view content,
                           const std::filesystem::path& ca_file) {
  ERR_clear_error();
  const auto response = parse(answer);
  check_imprint(response.get(), content);
  const std::int64_t time = time_of(response.get());
  X509_STORE* store = X509_STORE_new();
  if (X509_STORE_load_file(store, ca_file.c_str()) != 1) {
    X509_STORE_free(store);
    throw UsageError(fmt::format("{} holds no certificate: {}", ca_file.string(), openssl_reason()),
                     "give the authority's CA certificates as PEM");
  }
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), time);
  X509_STORE_set_purpose(store, X509_PURPOSE_TIMESTAMP_SIGN);
  const Verification verification(TS_VERIFY_CTX_new());
  TS_VERIFY_CTX_set_flags(verification.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_DATA);
  TS_VERIFY_CTX_set_data(verification.get(),
                         BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  TS_VERIFY_CTX_set_store(verification.get(), store);  // takes it
  if (TS_RESP_verify_response(verification.get(), response.get()) != 1) {
    throw VerificationError(fmt::format("the timestamp's signature does not hold: {}", openssl_reason()));
  }
  Timestamp timestamp;
  timestamp.time = utc_time(time).value_or("");
  PKCS7* token = TS_RESP_get_token(response.get());
  STACK_OF(X509)* signers = PKCS7_get0_signers(token, nullptr, 0);
  if (signers != nullptr && sk_X509_num(signers) > 0) {
    const Bytes out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), X509_get_subject_name(sk_X509_value(signers, 0)), 0,
                       XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    timestamp.authority.assign(text, static_cast<std::size_t>(size));
  }
  sk_X509_free(signers);
  ERR_clear_error();
  return timestamp;
}

std::filesystem::path timestamp_path(const std::filesystem::path& attestation) {
  return attestation.string() + ".tsr";
}

}  // namespace exitgate::attest
