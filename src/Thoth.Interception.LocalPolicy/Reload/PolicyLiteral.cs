using System.Text;
using Thoth.Interception.LocalPolicy.Loading;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>A policy that is given as text and never changes.</summary>
internal sealed class PolicyLiteral(string json) : IPolicySource
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name => $"{nameof(LocalPolicyOptions)}.{nameof(LocalPolicyOptions.Json)}";

    public byte[] Read()
    {
        if (json.Length > PolicyText.MaxBytes)
        {
            throw PolicyLoadException.Of(Name, PolicyText.TooLarge);
        }

        try
        {
            return s_strict.GetBytes(json);
        }
        catch (EncoderFallbackException e)
        {
            var before = json.AsSpan(0, e.Index);
            throw new PolicyLoadException(
                Name,
                [
                    new()
                    {
                        Line = before.Count('\n') + 1,
                        Column = e.Index - before.LastIndexOf('\n'),
                        Key = "",
                        Message = "The text contains half of a surrogate pair. Write the whole character.",
                    },
                ],
                e);
        }
    }

    public IPolicyWatch? Watch(Action changed) => null;
}
