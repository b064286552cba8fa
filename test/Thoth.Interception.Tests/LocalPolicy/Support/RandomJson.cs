using System.Globalization;
using System.Text;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>Generates random arguments with wrong types, duplicate names, invalid bytes and truncated ends.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Names = ["a", "b", "amount", "to", "domain", "A", "odd.name", "\\ud800", "\\u0061", ""];
    private static readonly string[] Texts = ["in", "out", "1000", "a@example.com", "\\ud800", "\\u0000", "ssn", ""];
    private static readonly string[] Numbers = ["0", "1", "1.0", "501", "-1", "1e400", "1e-400", "123456789012345678901234567890.5", "0.1"];

    private readonly Random _random = new(seed);

    public byte[] Arguments()
    {
        var text = new StringBuilder();
        Object(text, 0);
        var json = Encoding.UTF8.GetBytes(text.ToString());
        switch (_random.Next(8))
        {
            case 0:
                return json[.._random.Next(json.Length + 1)];
            case 1:
                json[_random.Next(json.Length)] = (byte)_random.Next(256);
                return json;
            default:
                return json;
        }
    }

    private void Value(StringBuilder text, int depth)
    {
        switch (_random.Next(depth > 4 ? 5 : 8))
        {
            case 0:
                text.Append("null");
                break;
            case 1:
                text.Append(_random.Next(2) == 0 ? "true" : "false");
                break;
            case 2 or 3:
                text.Append(Pick(Numbers));
                break;
            case 4:
                text.Append(CultureInfo.InvariantCulture, $"\"{Pick(Texts)}\"");
                break;
            case 5 or 6:
                text.Append('[');
                for (var i = _random.Next(4); i > 0; i--)
                {
                    Value(text, depth + 1);
                    text.Append(i > 1 ? "," : "");
                }

                text.Append(']');
                break;
            default:
                Object(text, depth + 1);
                break;
        }
    }

    private void Object(StringBuilder text, int depth)
    {
        text.Append('{');
        for (var i = _random.Next(5); i > 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"{Pick(Names)}\":");
            Value(text, depth);
            text.Append(i > 1 ? "," : "");
        }

        text.Append('}');
    }

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}
