#include "cvalijson.h"

#include <cstring>
#include <exception>
#include <string>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace {

int answer(int status, const std::string &text, char *message, size_t capacity) {
  if (capacity > 0) {
    const size_t count = text.size() < capacity - 1 ? text.size() : capacity - 1;
    std::memcpy(message, text.data(), count);
    message[count] = '\0';
  }
  return status;
}

}  // namespace

int cvj_check(const char *schema, size_t schema_size, const char *document, size_t document_size,
              char *message, size_t capacity) {
  try {
    const auto schema_value = nlohmann::json::parse(schema, schema + schema_size, nullptr, false);
    const auto value = nlohmann::json::parse(document, document + document_size, nullptr, false);
    if (schema_value.is_discarded()) return answer(2, "the schema is no JSON", message, capacity);
    if (value.is_discarded()) return answer(2, "the document is no JSON", message, capacity);
    valijson::Schema parsed;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_value), parsed);
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(parsed, valijson::adapters::NlohmannJsonAdapter(value), &results)) {
      return answer(0, "", message, capacity);
    }
    std::string text;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      for (const std::string &part : error.context) text += part;
      text += ": " + error.description + "\n";
    }
    return answer(1, text, message, capacity);
  } catch (const std::exception &failure) {
    return answer(2, failure.what(), message, capacity);
  }
}
