using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Callers;

namespace Thoth.Interception.AspNetCore.DependencyInjection;

/// <summary>Validates the options.</summary>
internal sealed class AspNetCoreOptionsValidator(IOptions<ThothOptions> thoth) : IValidateOptions<ThothAspNetCoreOptions>
{
    private const int MinKeyLength = 32;

    public ValidateOptionsResult Validate(string? name, ThothAspNetCoreOptions options)
    {
        var failures = new List<string>();
        if (!Enum.IsDefined(options.UnauthenticatedRequests))
        {
            failures.Add("ThothAspNetCoreOptions.UnauthenticatedRequests has an undefined value. Set it to a value of UnauthenticatedRequests.");
        }

        if (options.SessionIdKey is { } key && key.Length < MinKeyLength)
        {
            failures.Add($"The key of session ids has fewer than {MinKeyLength} characters. Set ThothAspNetCoreOptions.SessionIdKey or Thoth:AspNetCore:SessionIdKey to a longer one, or to none.");
        }

        if (options.AnonymousUserId is null || !OutsideValue.IsId(options.AnonymousUserId))
        {
            failures.Add("The user id of anonymous requests cannot be used. Set ThothAspNetCoreOptions.AnonymousUserId to 1 to 256 visible characters.");
        }
        else if (options.AnonymousUserId == thoth.Value.UserId)
        {
            failures.Add("The user id of anonymous requests is that of the process, ThothOptions.UserId. Set ThothAspNetCoreOptions.AnonymousUserId to another one.");
        }

        if (options.UserIdClaims is null || options.UserIdClaims.Any(string.IsNullOrWhiteSpace))
        {
            failures.Add("ThothAspNetCoreOptions.UserIdClaims has a blank claim type. Remove it.");
        }

        AddIfBlank(options.ConversationHeader, nameof(options.ConversationHeader));
        AddIfBlank(options.ConversationRouteValue, nameof(options.ConversationRouteValue));
        AddIfBlank(options.ConversationCookie, nameof(options.ConversationCookie));
        AddIfBlank(options.OperationHeader, nameof(options.OperationHeader));
        if (ThothAspNetCoreOptions.HeldHeader.Equals(options.ConversationHeader, StringComparison.OrdinalIgnoreCase))
        {
            failures.Add($"ThothAspNetCoreOptions.ConversationHeader is {ThothAspNetCoreOptions.HeldHeader}, which has the id of a held call. Choose another header.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void AddIfBlank(string? value, string option)
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
            {
                failures.Add($"ThothAspNetCoreOptions.{option} is blank. Name it, or set it to null.");
            }
        }
    }
}
