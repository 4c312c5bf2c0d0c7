package dev.tidemark.account;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address that a host name is asked at. It is looked up once, judged, and that very address is connected to: a name that means another address a
 * moment later gains nothing by it.
 */
final class OutboundAddresses {
    /** No name ends so; some systems read it as an address in another spelling. */
    private static final Pattern NUMBER_AT_THE_END = Pattern.compile("(?:^|\\.)(?:\\d+|0x[0-9a-f]*)$");

    private final Resolver resolver;
    private final boolean privateAddresses;

    OutboundAddresses(Resolver resolver, boolean privateAddresses) {
        this.resolver = resolver;
        this.privateAddresses = privateAddresses;
    }

    /** Fails when any of the name's addresses lies in a private network. */
    InetAddress of(String host) throws IOException {
        InetAddress[] all = resolver.resolve(host);
        if (all.length == 0) {
            throw new IOException(host + " has no address");
        }
        if (!privateAddresses) {
            for (InetAddress each : all) {
                if (isPrivate(each)) {
                    throw new OutboundWeb.PrivateAddressException(host + " is in a private network");
                }
            }
        }
        return all[0];
    }

    /** Whether a host is in a private network by what is written there, whatever any name means; also for an address in an unusual spelling. */
    static boolean saysItIsPrivate(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        boolean six = name.startsWith("[") && name.endsWith("]");
        String bare = six ? name.substring(1, name.length() - 1) : name;
        int zone = bare.indexOf('%');
        try {
            InetAddress address = InetAddress.ofLiteral(zone < 0 ? bare : bare.substring(0, zone));
            return isPrivate(address) || (!six && !address.getHostAddress().equals(bare));
        } catch (IllegalArgumentException _) {
            return six || NUMBER_AT_THE_END.matcher(bare).find();
        }
    }

    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? isPrivateSix(bytes) : isPrivateFour(bytes);
    }

    /** What Java has no names for: this network, carriers' (100.64/10), protocols' (192.0.0/24), tests' (198.18/15) and what is reserved. */
    private static boolean isPrivateFour(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        return first == 0
                || (first == 100 && (second & 0xC0) == 64)
                || (first == 192 && second == 0 && bytes[2] == 0)
                || (first == 198 && (second & 0xFE) == 18)
                || first >= 240;
    }

    /** Unique local ones (fc00::/7), and those that carry an IPv4 address to a private network: NAT64, 6to4, compatible and Teredo. */
    private static boolean isPrivateSix(byte[] bytes) {
        int first = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        if ((first & 0xFE00) == 0xFC00) {
            return true;
        }
        if (first == 0x2002) {
            return isPrivateInside(bytes, 2);
        }
        if (first == 0x2001 && bytes[2] == 0 && bytes[3] == 0) {
            return true;
        }
        boolean translated = first == 0x0064 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B;
        boolean compatible = Arrays.equals(bytes, 0, 12, new byte[12], 0, 12);
        return (translated || compatible) && isPrivateInside(bytes, 12);
    }

    private static boolean isPrivateInside(byte[] bytes, int from) {
        try {
            return isPrivate(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (java.net.UnknownHostException _) {
            return true;
        }
    }

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws IOException;
    }
}
