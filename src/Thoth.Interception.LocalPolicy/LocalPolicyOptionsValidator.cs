using Microsoft.Extensions.Options;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Validates the ranges that the attributes of the options state.</summary>
[OptionsValidator]
internal sealed partial class LocalPolicyOptionsRanges : IValidateOptions<LocalPolicyOptions>;

/// <summary>Validates that the options name exactly one policy.</summary>
internal sealed class LocalPolicyOptionsValidator : IValidateOptions<LocalPolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, LocalPolicyOptions options) =>
        (string.IsNullOrWhiteSpace(options.Path), string.IsNullOrWhiteSpace(options.Json)) switch
        {
            (true, true) => ValidateOptionsResult.Fail(
                "No policy is set. Set LocalPolicyOptions.Path, LocalPolicyOptions.Json or Thoth:LocalPolicy:Path, or call UseLocalPolicy(path)."),
            (false, false) => ValidateOptionsResult.Fail(
                "LocalPolicyOptions.Path and LocalPolicyOptions.Json are both set. Set one of them to null."),
            _ => ValidateOptionsResult.Success,
        };
}
