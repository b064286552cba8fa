using System.Text;

namespace Thoth.Interception;

/// <summary>What is probably wrong where the enforcer refuses the key (contract §1.1.10). Made of the body, but holds nothing of it.</summary>
internal static class AuthHint
{
    private static readonly string[] s_keyWords = ["expired", "invalid", "forbidden", "unauthorized", "scope"];

    public static string Of(int status, ReadOnlySpan<byte> body)
    {
        if (status is not (401 or 403))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(body);
        if (status == 403 && text.Contains("<html", StringComparison.OrdinalIgnoreCase))
        {
            return ": probably a firewall or an ingress blocked the request before it reached the enforcer";
        }

        return s_keyWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? ": the API key is used as it is and never refreshed; issue a new one, or give it the scope that is missing"
            : ": check the API key's scope, its time to live and the tenant that it is bound to";
    }
}
